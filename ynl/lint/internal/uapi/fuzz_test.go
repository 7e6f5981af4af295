package uapi

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzRead reads anything as a header. Nothing must panic, nor take long.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/include/linux/*.h")
	if err != nil || len(files) == 0 {
		f.Fatal(err, files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		tree := NewTree()
		tree.files["linux/fuzz.h"] = append([]line{}, lex("linux/fuzz.h", text)...)
		u := tree.Read("linux/fuzz.h")
		looked := 0
		for name := range u.macros {
			if looked++; looked > 50 {
				break // each has a budget of its own
			}
			u.Number(name)
			u.Text(name)
		}
		for tag := range u.records {
			if s := u.Struct(tag); s != nil {
				for _, m := range s.Members {
					if m.Offset < 0 || m.Size < 0 || m.Offset+m.Size > s.Size && !m.BitField {
						t.Fatalf("%s.%s has %d bytes at %d, and the struct has %d", tag, m.Name, m.Size, m.Offset, s.Size)
					}
				}
			}
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Fatalf("took %v", d)
		}
	})
}
