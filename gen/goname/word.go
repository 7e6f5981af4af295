package goname

import "strings"

// words takes a name apart into words in lower case: those between what is
// neither a letter nor a digit of ASCII, and those in mixed case ("LinkInfo",
// "MTUSize") where the word as a whole is not known ("IPv4").
func words(name string) []string {
	var out []string
	for _, f := range fields(name) {
		low := strings.ToLower(f)
		if low == f || known(low) || known(strings.TrimSuffix(low, "s")) {
			out = append(out, low)
			continue
		}
		from := 0
		for i := 1; i < len(f); i++ {
			if isUpper(f[i]) && (!isUpper(f[i-1]) || i+1 < len(f) && isLower(f[i+1])) {
				out = append(out, strings.ToLower(f[from:i]))
				from = i
			}
		}
		out = append(out, strings.ToLower(f[from:]))
	}
	return out
}

// fields takes a name apart at what is neither a letter nor a digit of ASCII.
func fields(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool {
		return r > 0x7f || !isDigit(byte(r)) && !isLower(byte(r)) && !isUpper(byte(r))
	})
}

// pieces returns the words as they are spelled, one or more pieces for each.
func pieces(words []string) []string {
	var out []string
	for len(words) > 0 {
		n := 1
		for k := min(maxPhrase, len(words)); k > 1; k-- {
			if p, ok := phrases[strings.Join(words[:k], " ")]; ok {
				out, n = append(out, strings.Fields(p)...), k
				break
			}
		}
		if n == 1 {
			out = append(out, spell(words[0])...)
		}
		words = words[n:]
	}
	return out
}

// spell returns a word, which is not empty, as it is spelled: in several pieces
// where it is a compound. A number behind a compound, and the s of its plural, do
// not keep it from being known.
func spell(w string) []string {
	if p := compound(w); p != nil {
		return p
	}
	for _, stem := range []string{strings.TrimSuffix(w, "s"), strings.TrimRight(w, digits)} {
		if p := compound(stem); p != nil {
			p[len(p)-1] += w[len(stem):]
			return p
		}
	}
	return []string{single(w)}
}

// compound returns the pieces of a compound, which are the caller's; nil where w
// is none.
func compound(w string) []string {
	if s, ok := renamed[w]; ok {
		return strings.Fields(s)
	}
	var out []string
	for _, part := range compounds[w] {
		out = append(out, single(part))
	}
	return out
}

// single returns a word that is no compound, and not empty, as it is spelled.
// Numbers before and after it, and the s of a plural, do not keep it from being
// known.
func single(w string) string {
	if s, ok := spellings[w]; ok {
		return s
	}
	if s, ok := spellings[strings.TrimSuffix(w, "s")]; ok && len(w) > 2 {
		return s + "s"
	}
	if rest := strings.TrimLeft(w, digits); rest == "" {
		return w
	} else if rest != w {
		return w[:len(w)-len(rest)] + single(rest)
	}
	if stem := strings.TrimRight(w, digits); stem != w {
		return single(stem) + w[len(stem):]
	}
	return capital(w)
}

// known reports whether the tables have the word itself.
func known(w string) bool { return spellings[w] != "" || compound(w) != nil }

const digits = "0123456789"

// spellingsOf makes the table of spellings: for a word in lower case as it is
// written.
func spellingsOf(text string) map[string]string {
	m := make(map[string]string)
	for _, w := range strings.Fields(text) {
		m[strings.ToLower(w)] = w
	}
	return m
}

// compoundsOf makes the table of compounds: for a word its parts.
func compoundsOf(texts ...string) map[string][]string {
	m := make(map[string][]string)
	for _, text := range texts {
		for _, w := range strings.Fields(text) {
			m[strings.ReplaceAll(w, "-", "")] = strings.Split(w, "-")
		}
	}
	return m
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// cutWord returns words without the first where that is prefix and not the only
// one.
func cutWord(words []string, prefix string) []string {
	if len(words) > 1 && words[0] == prefix {
		return words[1:]
	}
	return words
}
