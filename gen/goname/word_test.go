package goname

import (
	"strings"
	"testing"
)

// TestTables checks that what stands in the tables can have an effect, and stands
// there once.
func TestTables(t *testing.T) {
	seen := make(map[string]string)
	for _, text := range []string{linkWords, routeWords, trafficWords, netfilterWords, wirelessWords, otherWords} {
		for _, w := range strings.Fields(text) {
			key := strings.ReplaceAll(w, "-", "")
			if old, ok := seen[key]; ok {
				t.Errorf("compound %s is there twice, also as %s", w, old)
			}
			seen[key] = w
			if !strings.Contains(w, "-") || w != strings.ToLower(w) {
				t.Errorf("compound %s: want parts in lower case with - between them", w)
			}
			if s, ok := spellings[key]; ok {
				t.Errorf("compound %s is also the spelling %s", w, s)
			}
		}
	}
	for low, s := range spellings {
		if s == capital(low) && (!strings.HasSuffix(low, "s") || spellings[strings.TrimSuffix(low, "s")] == "") {
			t.Errorf("spelling %s is that of every word", s)
		}
	}
	for phrase := range phrases {
		if n := len(strings.Fields(phrase)); n < 2 || n > maxPhrase {
			t.Errorf("phrase %q: want 2 to %d words", phrase, maxPhrase)
		}
	}
}
