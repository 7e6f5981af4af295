package rtnh

import (
	"encoding/binary"
	"fmt"
	"testing"
)

func TestMembers(t *testing.T) {
	member := func(id uint32, rest ...byte) []byte {
		return append(binary.NativeEndian.AppendUint32(nil, id), rest...)
	}
	one, two := member(1, 0, 0, 0, 0), member(7, 9, 1, 3, 3)
	for _, tt := range []struct {
		name string
		in   []byte
		want string // id, weight and reserved bytes of each
		err  string
	}{
		{"none", nil, "", ""},
		{"two", append(one[:8:8], two...), "1 1 0, 7 266 771, ", ""},
		{"short", one[:7], "", "member 1: 7 bytes, want 8"},
		{"second short", append(two[:8:8], 1), "7 266 771, ", "member 2: 1 bytes, want 8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, told := "", ""
			for m, err := range Members(tt.in) {
				if err != nil {
					told += err.Error()
					continue
				}
				got += fmt.Sprintf("%d %d %d, ", m.ID(), m.Weight(), m.Reserved())
			}
			if got != tt.want || told != tt.err {
				t.Errorf("%q and error %q, want %q and %q", got, told, tt.want, tt.err)
			}
		})
	}
	for range Members(append(one[:8:8], two...)) {
		break // and no second step
	}
}
