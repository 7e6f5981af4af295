package uapi

import (
	"strings"
	"testing"
)

// readText reads a text as a header.
func readText(text string) *Unit {
	tree := NewTree()
	tree.files["linux/text.h"] = append([]line{}, lex("linux/text.h", text)...)
	return tree.Read("linux/text.h")
}

// TestExpression works out expressions whose values a C compiler told.
func TestExpression(t *testing.T) {
	for text, want := range map[string]int64{
		"1 + 2 * 3": 7, "(1 + 2) * 3": 9, "7 - 2 - 1": 4, "100 / 7": 14, "100 % 7": 2, "-7 / 2": -3, "-7 % 2": -1,
		"7U / 2": 3, "7U % 4": 3, "-1 / 2U": 0x7fffffff, "1 << 3": 8, "1 << 31": -1 << 31, "1U << 31": 1 << 31, "-8 >> 1": -4,
		"0xfffffff8U >> 1": 0x7ffffffc, "6 & 3": 2, "6 | 3": 7, "6 ^ 3": 5, "~0": -1, "~0U": 0xffffffff, "!5": 0, "!0": 1, "+5": 5,
		"1 < 2": 1, "2 < 1": 0, "2 <= 2": 1, "3 > 2": 1, "2 >= 3": 0, "-1 < 1U": 0, "-1 < 1": 1, "-1 < 1UL": 0, "1 == 1": 1, "1 != 1": 0,
		"1 && 0": 0, "1 || 0": 1, "0 || 0": 0, "1 ? 2 : 3": 2, "0 ? 2 : 3": 3, "0 ? 1 : 0 ? 2 : 3": 3, "1 ? 2 : 0 ? 3 : 4": 2,
		"1 | 2 ^ 3 & 4": 3, "1 << 2 + 1": 8, "0x7fffffff + 1": -1 << 31, "4294967295": 1<<32 - 1, "0xffffffff + 1": 0, "4294967295 + 1": 1 << 32,
		"0x100000000": 1 << 32, "(__u8)300": 44, "(__s8)200": -56, "(__u16)-1": 65535, "(unsigned char)257": 1, "(unsigned)-1": 1<<32 - 1,
		"(long long)-1": -1, "(__u64)-1 >> 63": 1, "(__s16)0x18000 + 1": -32767, "-(1)": -1, "- - 1": 1, "sizeof(int)": 4, "sizeof(long)": 8,
		"sizeof(char *)": 8, "sizeof(__u16[3])": 6, "sizeof(unsigned short)": 2, "sizeof(double)": 8, "sizeof(float)": 4, "sizeof(_Bool)": 1,
		"sizeof(long double)": 16, "sizeof(struct s)": 8, "'a'": 97, "0b101": 5, "010": 8, "ENTRY": 3, "ENTRY * 2": 6, "(ENTRY)": 3,
	} {
		u := readText("struct s { __u32 a; __u8 b; };\nenum { ENTRY = 3 };\n#define X " + text + "\nenum { Y = " + text + " };\n")
		if n, ok := u.Number("X"); !ok || int64(n.Value) != want {
			t.Errorf("%s is %d (%v), want %d", text, int64(n.Value), ok, want)
		}
		if n, ok := u.Number("Y"); !ok || int64(n.Value) != want {
			t.Errorf("an enum's %s is %d (%v), want %d", text, int64(n.Value), ok, want)
		}
	}
	for _, text := range []string{
		"", "1 +", "+", "(1", "1)", "1 2", "1 / 0", "1 % 0", "1 << 64", "1 >> 64", "1 ? 2", "1 ? : 3", "nothing", "nothing(1)", "1.5", "0x", "08", "1_0", "0o7",
		"'\\n'", "''", `"text"`, "(float)1", "(struct s)1", "sizeof", "sizeof(", "sizeof(nothing)", "sizeof(struct t)", "sizeof(void)", "{1}", "u", "L",
		strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000), strings.Repeat("-", 5000) + "1", strings.Repeat("1 ? ", 5000),
	} {
		u := readText("struct s { __u32 a; __u8 b; };\n#define X " + text + "\nenum { Y = " + text + ", Z };\n")
		if text == "" {
			continue // an entry without a value, as it stands there
		}
		for _, name := range []string{"X", "Y", "Z"} {
			if n, ok := u.Number(name); ok {
				t.Errorf("%.40q: %s is %d, want no number", text, name, int64(n.Value))
			}
		}
	}
}

// TestCondition works out what stands behind #if, where names are no more than
// macros.
func TestCondition(t *testing.T) {
	for text, want := range map[string]bool{
		"1": true, "0": false, "defined ONE": true, "defined(ONE)": true, "defined TWO": false, "!defined(TWO) && ONE": true, "ONE == 1": true,
		"TWO": false, "TWO == 0": true, "-1 < 0": true, "ENTRY": false, "": false, "(": false, "defined": false, "sizeof(int)": false, "ONE ONE": false,
		"TEXT": false, "CALL(1)": true, "CALL(0)": false, "TWO(1)": false, "defined CALL": true, "__BITS_PER_LONG == 64": true,
	} {
		u := readText("#define ONE 1\n#define TEXT \"a\"\n#define CALL(x) x\nenum { ENTRY = 1 };\n#if " + text + "\n#define YES 1\n#else\n#define NO 1\n#endif\n")
		_, yes := u.Number("YES")
		_, no := u.Number("NO")
		if yes != want || no == want {
			t.Errorf("#if %s: %v, %v; want %v", text, yes, no, want)
		}
	}
}

// TestLex reads texts that are odd, and not wrong.
func TestLex(t *testing.T) {
	u := readText("/* not ended *\n/ */ #define A 1 // here \\\n#define NOT 1\r\n# /**/ define /* */ B /* */ \\\r\n 2\r\n" +
		"#define C \"a\\\"b /* c */\"\n#\n#define\n#define 5\n#define D(x\n#define E 3 /* to the end")
	for name, want := range map[string]uint64{"B": 2, "E": 3} {
		if n, ok := u.Number(name); !ok || n.Value != want {
			t.Errorf("%s is %d (%v), want %d", name, n.Value, ok, want)
		}
	}
	if text, at, ok := u.Text("C"); !ok || text != `a\"b /* c */\` && text != `a\"b /* c */` || at.Line != 6 || at.String() != "linux/text.h:6" {
		t.Errorf("C is %q at %s", text, at)
	}
}
