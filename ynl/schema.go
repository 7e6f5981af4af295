package ynl

import (
	"slices"
	"strings"
)

// levels is a set of schema levels.
type levels uint8

const (
	onlyG    levels = 1 << Genetlink
	onlyC    levels = 1 << GenetlinkC
	onlyL    levels = 1 << GenetlinkLegacy
	onlyR    levels = 1 << NetlinkRaw
	anyLevel        = onlyG | onlyC | onlyL | onlyR
	fromC           = onlyC | onlyL | onlyR
	fromL           = onlyL | onlyR
	notC            = onlyG | onlyL | onlyR
	notR            = onlyG | onlyC | onlyL
)

func (s levels) has(l Level) bool { return s&(1<<l) != 0 }

// String lists the levels, for people.
func (s levels) String() string {
	var out []string
	for l, name := range levelNames {
		if s.has(Level(l)) {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// kind is what stands behind a key.
type kind uint8

const (
	kText kind = iota
	kName      // text of small letters, digits and dashes
	kUint
	kInt
	kBool
	kTextOrInt
	kLimit  // an integer from 0 on, or the name of one
	kLength // as kLimit, or the name of one less 1
	kList
	kMap
	kWord // one of a few words
)

// rule is what the schema says of one key.
type rule struct {
	kind     kind
	levels   levels // at which the key is allowed; 0: all
	required bool
	null     levels // at which a kText may be nothing
	strict   levels // at which a kName is more than any text; 0: all
	capitals levels // at which a kName may have capital letters
	words    map[string]levels
}

func (r rule) allowed(l Level) bool { return r.levels == 0 || r.levels.has(l) }

// keys are the keys a mapping may have.
type keys map[string]rule

// required lists those a mapping must have, sorted.
func (k keys) required() []string {
	var out []string
	for name, rule := range k {
		if rule.required {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// names lists those that are allowed at a level, sorted.
func (k keys) names(l Level) []string {
	var out []string
	for name, rule := range k {
		if rule.allowed(l) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// words makes a set of words that are allowed at all levels.
func words(w ...string) map[string]levels {
	m := make(map[string]levels, len(w))
	for _, s := range w {
		m[s] = anyLevel
	}
	return m
}

// with adds words that are allowed at some levels.
func with(m map[string]levels, at levels, w ...string) map[string]levels {
	for _, s := range w {
		m[s] = at
	}
	return m
}

var (
	levelWords     = words(levelNames[:]...)
	policyWords    = words("split", "per-op", "global")
	definitionType = with(words("const", "enum", "flags"), fromL, "struct")
	memberType     = with(words("u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "string", "binary"), onlyR, "pad")
	attrType       = with(with(words("unused", "pad", "flag", "binary", "uint", "sint", "u8", "u16", "u32", "u64",
		"s8", "s16", "s32", "s64", "string", "nest", "indexed-array", "nest-type-value"),
		fromL, "bitfield32"), onlyR, "sub-message")
	orderWords   = words(byteOrderNames[1:]...)
	hintWords    = words(hintNames[1:]...)
	modelWords   = with(words("unified"), fromL, "directional")
	flagWords    = with(words("admin-perm"), onlyG|onlyL, "uns-admin-perm")
	dontValidate = with(words("strict", "dump"), notR, "dump-strict")
	scopeWords   = words("uapi", "kernel", "user")
)

// The mappings of a spec, from the outermost in.
var (
	specKeys = keys{
		"name":           {kind: kName, strict: onlyG, required: true},
		"doc":            {kind: kText, required: true},
		"protocol":       {kind: kWord, words: levelWords},
		"protonum":       {kind: kUint, levels: onlyR},
		"uapi-header":    {kind: kText},
		"c-family-name":  {kind: kText, levels: fromC},
		"c-version-name": {kind: kText, levels: fromC},
		"max-by-define":  {kind: kBool, levels: fromC},
		"cmd-max-name":   {kind: kText, levels: fromC},
		"cmd-cnt-name":   {kind: kText, levels: fromC},
		"kernel-policy":  {kind: kWord, levels: fromL, words: policyWords},
		"version":        {kind: kUint, levels: onlyL},
		"definitions":    {kind: kList},
		"attribute-sets": {kind: kList, required: true},
		"sub-messages":   {kind: kList, levels: onlyR},
		"operations":     {kind: kMap, required: true},
		"mcast-groups":   {kind: kMap},
		"kernel-family":  {kind: kMap, levels: notR},
	}
	kernelFamilyKeys = keys{
		"headers":   {kind: kList},
		"sock-priv": {kind: kText},
	}
	definitionKeys = keys{
		"name":          {kind: kName, strict: notC, required: true},
		"type":          {kind: kWord, required: true, words: definitionType},
		"doc":           {kind: kText},
		"header":        {kind: kText},
		"scope":         {kind: kWord, words: scopeWords},
		"value":         {kind: kTextOrInt},
		"value-start":   {kind: kTextOrInt},
		"entries":       {kind: kList},
		"render-max":    {kind: kBool},
		"enum-name":     {kind: kText, null: fromC, levels: fromC},
		"name-prefix":   {kind: kText, levels: fromC},
		"enum-cnt-name": {kind: kText, levels: onlyC | onlyL},
		"members":       {kind: kList, levels: fromL},
	}
	entryKeys = keys{
		"name":  {kind: kName, strict: notC, required: true},
		"value": {kind: kInt},
		"doc":   {kind: kText},
	}
	memberKeys = keys{
		"name":          {kind: kName, capitals: onlyR, required: true},
		"type":          {kind: kWord, required: true, words: memberType},
		"len":           {kind: kLength},
		"byte-order":    {kind: kWord, words: orderWords},
		"doc":           {kind: kText},
		"enum":          {kind: kText},
		"enum-as-flags": {kind: kBool, levels: onlyR},
		"display-hint":  {kind: kWord, words: hintWords},
		"struct":        {kind: kText},
	}
	setKeys = keys{
		"name":          {kind: kName, strict: notC, required: true},
		"name-prefix":   {kind: kText},
		"enum-name":     {kind: kText, null: fromC},
		"doc":           {kind: kText},
		"subset-of":     {kind: kText},
		"attr-cnt-name": {kind: kText, levels: fromC},
		"attr-max-name": {kind: kText, levels: fromC},
		"header":        {kind: kText, levels: fromC},
		"attributes":    {kind: kList, required: true},
	}
	attrKeys = keys{
		"name":              {kind: kName, strict: notC, required: true},
		"type":              {kind: kWord, words: attrType},
		"doc":               {kind: kText},
		"value":             {kind: kUint},
		"type-value":        {kind: kList},
		"byte-order":        {kind: kWord, words: orderWords},
		"multi-attr":        {kind: kBool},
		"nested-attributes": {kind: kText},
		"enum":              {kind: kText},
		"enum-as-flags":     {kind: kBool},
		"checks":            {kind: kMap},
		"sub-type":          {kind: kWord, words: attrType},
		"display-hint":      {kind: kWord, words: hintWords},
		"name-prefix":       {kind: kText, levels: fromC},
		"struct":            {kind: kText, levels: fromL},
		"sub-message":       {kind: kText, levels: onlyR},
		"selector":          {kind: kText, levels: onlyR},
	}
	checkKeys = keys{
		"flags-mask":      {kind: kText},
		"min":             {kind: kLimit},
		"max":             {kind: kLimit},
		"min-len":         {kind: kLength},
		"max-len":         {kind: kLength},
		"exact-len":       {kind: kLength},
		"unterminated-ok": {kind: kBool, levels: fromC},
	}
	subMessageKeys = keys{
		"name":    {kind: kName, strict: onlyG, required: true},
		"formats": {kind: kList, required: true},
	}
	formatKeys = keys{
		"value":         {kind: kText, required: true},
		"fixed-header":  {kind: kText},
		"attribute-set": {kind: kText},
	}
	operationsKeys = keys{
		"enum-model":   {kind: kWord, words: modelWords},
		"name-prefix":  {kind: kText},
		"enum-name":    {kind: kText, null: fromC},
		"async-prefix": {kind: kText},
		"async-enum":   {kind: kText, null: fromC},
		"fixed-header": {kind: kText, levels: fromL},
		"list":         {kind: kList, required: true},
	}
	opKeys = keys{
		"name":          {kind: kName, strict: notC, required: true},
		"doc":           {kind: kText, required: true},
		"value":         {kind: kUint},
		"attribute-set": {kind: kText},
		"flags":         {kind: kList},
		"dont-validate": {kind: kList},
		"fixed-header":  {kind: kText, levels: fromL},
		"do":            {kind: kMap},
		"dump":          {kind: kMap},
		"notify":        {kind: kText},
		"event":         {kind: kMap},
		"mcgrp":         {kind: kText},
		"config-cond":   {kind: kText, levels: notR},
	}
	modeKeys = keys{
		"request": {kind: kMap},
		"reply":   {kind: kMap},
		"pre":     {kind: kText},
		"post":    {kind: kText},
	}
	messageKeys = keys{
		"attributes": {kind: kList},
		"value":      {kind: kUint, levels: fromL},
	}
	eventKeys = keys{
		"attributes": {kind: kList},
	}
	groupsKeys = keys{
		"list": {kind: kList, required: true},
	}
	groupKeys = keys{
		"name":          {kind: kName, strict: onlyG, required: true},
		"c-define-name": {kind: kText, levels: fromC},
		"flags":         {kind: kList},
		"value":         {kind: kUint, levels: onlyR},
	}
)
