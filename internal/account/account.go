// Package account accounts for every byte of a message that a kernel sent: what
// the catalogue gives no name, what is not what its type says, and what does not
// come out of the codec as it went in. It is for tests.
package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// exceptions are the places where an answer has bytes that the catalogue gives no
// name, and why.
var exceptions = []struct {
	place  *regexp.Regexp
	reason string
}{
	{regexp.MustCompile(`^tc .*\.options\(u32\)\.sel\.:rest$`), "the keys of a u32 selector follow its struct, as many as nkeys says: YNL has no such array"},
	{regexp.MustCompile(`^rt-link (getlink|newlink-ntf|dellink-ntf) \.protinfo$`), "its attributes depend on the header's family, a bridge port's or IPv6's: YNL selects by attributes alone"},
	{regexp.MustCompile(`^rt-link (getlink|newlink-ntf|dellink-ntf) \.af-spec\.inet\.(:rest|attr-\d\d+)$`), "of a bridge's port these are VLANs, and the numbers are theirs: YNL does not select by a header's family"},
	{regexp.MustCompile(`^nl80211 get-mesh-config \.mesh-config\.holding-timeout$`), "in front of the settings the kernel puts the interface's index, by a number that means something else there (nl80211_get_mesh_config)"},
	{regexp.MustCompile(`^nl80211 get-mesh-config \.mesh-config\.ht-opmode$`), "it is told with 32 bits, and set with 16 (nl80211_get_mesh_config, nl80211_meshconf_params_policy)"},
	{regexp.MustCompile(`^tc .*tclass .*\.options\(hfsc\)\.:(len|rest)$`), "of hfsc a class's options are attributes and a qdisc's a struct: their kind is the same"},
	{regexp.MustCompile(`^nftables getobj(-reset)? \.data\(ct-timeout\)\.data$`), "its attributes depend on the protocol: no spec has them"},
	{regexp.MustCompile(`^tc .*\.options\(pedit\)\.parms\.:rest$`), "the keys of a pedit action follow its struct, as many as nkeys says"},
	{regexp.MustCompile(`^tc .*\.options\(u32\)\.pcnt\.:rest$`), "a counter for each key, as above"},
}

// Finding is something in an answer that the catalogue does not account for. Its
// place is the family, the operation, and the way to the field.
type Finding struct{ Place, What string }

// Excuse is the reason why a finding is none; "" where there is none.
func (f Finding) Excuse() string {
	for _, e := range exceptions {
		if e.place.MatchString(f.Place) {
			return e.reason
		}
	}
	return ""
}

// Outcome is what a check of one message found.
type Outcome struct {
	Findings []Finding
	Faults   []string // what is wrong with the codec
	// Again says how the message came out of JSON: "same" bytes, "marks" where
	// they differ by marks of nests alone, or "order" where they differ, and are
	// the same as JSON nevertheless.
	Again string
}

// Check decodes a message of a family, and encodes it again, straight and by way
// of JSON.
func Check(m client.Message, family string) (o Outcome) {
	fault := func(format string, args ...any) { o.Faults = append(o.Faults, fmt.Sprintf(format, args...)) }
	object := m.Object(codec.Options{})
	inspect(object, nil, family+" "+m.Name+" ", &o.Findings)

	same, err := encode(m.Layout, object)
	switch {
	case err != nil:
		fault("what was decoded cannot be encoded: %v", err)
	case !bytes.Equal(same, m.Payload):
		fault("encoded again it is other bytes, from offset %d:\n have %x\n want %x", differ(same, m.Payload), same, m.Payload)
	}
	text := m.AppendJSON(nil, codec.Options{})
	if !json.Valid(text) {
		fault("no JSON: %s", text)
		return o
	}
	if slow := object.AppendJSON(nil); !bytes.Equal(slow, text) {
		fault("the object's JSON is not the message's:\n have %s\n want %s", slow, text)
	}
	value, err := codec.ParseJSON(text)
	if err != nil {
		fault("its own JSON cannot be parsed: %v", err)
		return o
	}
	again, err := encode(m.Layout, value)
	if err != nil {
		fault("its own JSON cannot be encoded: %v\n%s", err, text)
		return o
	}
	switch {
	case bytes.Equal(again, m.Payload):
		o.Again = "same"
	case onlyMarks(again, m.Payload):
		o.Again = "marks"
	default:
		o.Again = "order"
		if t := m.Layout.AppendJSON(nil, again, codec.Options{}); !bytes.Equal(t, text) {
			fault("through JSON it is something else:\n have %s\n want %s", t, text)
		}
	}
	return o
}

func encode(l codec.Layout, v any) ([]byte, error) {
	var b wire.Builder
	if err := l.Append(&b, v, codec.Options{}); err != nil {
		return nil, err
	}
	return b.Bytes()
}

// differ is the offset of the first byte that differs.
func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// onlyMarks reports whether messages differ in nothing but the marks of nests,
// which older families do not set. A mark is the highest bit of an attribute's
// second half-word.
func onlyMarks(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	nested := wire.AttrNested
	for i := range a {
		if x := a[i] ^ b[i]; x != 0 && (x != byte(nested>>8) || i%4 != 3 && i%4 != 2) {
			return false
		}
	}
	return true
}

// inspect looks for what has no name in the spec, and what is not what the spec
// says. in is the attribute that the object is the value of; nil for a message.
func inspect(o codec.Object, in *ynl.Attr, at string, out *[]Finding) {
	add := func(f codec.Field, what string) { *out = append(*out, Finding{at + "." + f.Name, what}) }
	for _, f := range o {
		switch {
		case strings.HasPrefix(f.Name, ":"):
			add(f, fmt.Sprintf("bytes without a name: %v", f.Value))
			continue
		case in != nil && slices.Contains(in.TypeValue, f.Name):
			continue // an attribute's number is its value
		case f.Attr == nil && f.Member == nil:
			add(f, fmt.Sprintf("no attribute of the spec: %v", f.Value))
			continue
		}
		if f.Attr != nil && f.Attr.Type.Size() > 0 && f.Payload != nil {
			add(f, fmt.Sprintf("a number of %d bytes", len(f.Payload)))
		}
		way := at + "." + f.Name
		if f.Attr != nil && f.Attr.SubMsg != nil {
			kind := o.Get(f.Attr.Selector)
			way += fmt.Sprintf("(%v)", kind)
			if _, ok := f.Value.([]byte); ok {
				add(f, fmt.Sprintf("no format for %v", kind))
			}
		}
		if b, ok := f.Value.([]byte); ok && f.Type&wire.AttrNested != 0 && len(b) > 0 {
			add(f, "a nest the spec does not look into")
		}
		value(f.Attr, f.Value, way, out)
	}
}

func value(a *ynl.Attr, v any, at string, out *[]Finding) {
	switch v := v.(type) {
	case codec.Object:
		inspect(v, a, at, out)
	case codec.Array:
		for _, e := range v {
			value(a, e.Value, at, out)
		}
	case []any:
		for _, e := range v {
			value(a, e, at, out)
		}
	case codec.Raw:
		*out = append(*out, Finding{at, fmt.Sprintf("not what its type says: %x", []byte(v))})
	}
}
