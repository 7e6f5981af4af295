package nl

import (
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

// kept is a message that keeps what it was decoded from.
type kept struct {
	Head  keptHeader         `nl:"header"`
	Num   Opt[uint16]        `nl:"1,num,u16"`
	Neg   Opt[int64]         `nl:"2,neg,sint"`
	State Opt[state]         `nl:"3,state,u8"`
	Rings Opt[rings]         `nl:"4,rings,u32be"`
	Field Opt[bitfield]      `nl:"5,field,bitfield32"`
	Addr  netip.Addr         `nl:"6,addr,binary"`
	MAC   HardwareAddr       `nl:"7,mac,binary"`
	ID    Opt[UUID]          `nl:"8,id,binary"`
	On    bool               `nl:"9,on,flag"`
	Many  []rings            `nl:"10,many,u8,multi"`
	List  []state            `nl:"11,list,binary,sub=u8"`
	Sub   any                `nl:"12,sub,sub-message,selector=state"`
	Vlan  *vlanFlags         `nl:"13,vlan,struct"`
	Text  Opt[string]        `nl:"14,text,string"`
	Array []Indexed[string]  `nl:"15,array,indexed-array"`
	Hops  []*keptHop         `nl:"16,hops,nest-type-value"`
	Code  Opt[signedState]   `nl:"17,code,s8"`
	IP    Opt[uint32]        `nl:"18,ip,u32be,ipv4"`
	Twice Opt[uint8]         `nl:"19,num-head,u8"`
	Set   []Indexed[*vfInfo] `nl:"20,set,indexed-array"`
	Extra
	payload []byte
}

type keptHeader struct {
	State state     `nl:",head,u8"`
	_     [2]byte   // pad
	Twice uint8     `nl:",num-head,u8"`
	In    vlanFlags `nl:",in,struct"`
	Tail  [1]byte   `nl:",tail,binary"`
}

type keptHop struct {
	From uint16     `nl:"type-value,from"`
	To   uint16     `nl:"type-value,to"`
	ID   Opt[uint8] `nl:"1,id,u8"`
	Extra
}

func (*kept) DecodeNetlink(*Decoder, []byte) {}

// keeper keeps what a kept is decoded from.
type keeper kept

func (k *keeper) DecodeNetlink(_ *Decoder, payload []byte) { k.payload = payload }

func (*keeper) SubMessage(number uint16, selector string) any {
	if number == 12 && selector == "down" {
		return (*linkInfoVLAN)(nil)
	}
	return nil
}

const keptHead = `"head":"unspec","header:num-head":0,"in":{"flags":[],"mask":"0x0"},"tail":"00"`

// TestUnmarshalJSON reads what is written, and writes it again.
func TestUnmarshalJSON(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{`{}`, `{` + keptHead + `}`},
		{`{` + keptHead + `}`, ""},
		{
			`{"head":"down",":pad-1":"0102","header:num-head":9,"in":{"flags":["gvrp","0x40"],"mask":"0xff"},"tail":"07",":pad-13":"010203","num-head":8}`,
			`{"head":"down",":pad-1":"0102","header:num-head":9,"in":{"flags":["gvrp","0x40"],"mask":"0xff"},"tail":"07",":pad-13":"010203","num-head":8}`,
		},
		{`{"head":"unspec",":rest":"ff",":len":2}`, ""},
		{`{"num":65535,"neg":-5}`, `{` + keptHead + `,"num":65535,"neg":-5}`},
		{`{"num":"0x10","neg":9223372036854775807}`, `{` + keptHead + `,"num":16,"neg":9223372036854775807}`},
		{`{"state":"down","rings":"rx|tx","many":[["rx"],3]}`, `{` + keptHead + `,"state":"down","rings":["rx","tx"],"many":[["rx"],["rx","tx"]]}`},
		{`{"rings":[],"list":["down",77,1]}`, `{` + keptHead + `,"rings":[],"list":["down",77,"down"]}`},
		{`{"field":{"value":["rx"],"selector":3}}`, `{` + keptHead + `,"field":{"value":["rx"],"selector":["rx","tx"]}}`},
		{`{"addr":"10.0.0.1","mac":"02:00:00:00:00:01","id":"01000000-0000-0000-0000-000000000002","on":true,"ip":"10.0.0.2"}`, `{` + keptHead + `,"addr":"10.0.0.1","mac":"02:00:00:00:00:01","id":"01000000-0000-0000-0000-000000000002","on":true,"ip":"10.0.0.2"}`},
		{`{"on":false,"num":null}`, `{` + keptHead + `}`},
		{`{"num":[1,2],"text":["a",{":hex":"610062"}]}`, `{` + keptHead + `,"num":[1,2],"text":["a",{":hex":"610062"}]}`},
		{`{"state":"down","sub":{"id":5,"protocol":"8021q"}}`, `{` + keptHead + `,"state":"down","sub":{"id":5,"protocol":"8021q"}}`},
		{`{"state":1,"sub":{"id":5}}`, `{` + keptHead + `,"state":"down","sub":{"id":5}}`},
		{`{"state":"running","sub":{"attr-1":"0500"}}`, `{` + keptHead + `,"state":"running","sub":{"attr-1":"0500"}}`},
		{`{"sub":"010203","attr-99":{"attr-1":{"attr-2":""}},":rest":"01"}`, `{` + keptHead + `,"sub":"010203","attr-99":{"attr-1":{"attr-2":""}},":rest":"01"}`},
		{`{"vlan":{"flags":["gvrp"],"mask":"0x0",":rest":"0102"}}`, `{` + keptHead + `,"vlan":{"flags":["gvrp"],"mask":"0x0",":rest":"0102"}}`},
		{`{"vlan":{"flags":[],":rest":"0102",":len":6}}`, `{` + keptHead + `,"vlan":{"flags":[],":rest":"0102",":len":6}}`},
		{`{"array":["a","b"],"set":[{"0":{"mac":{"vf":1,":len":4}}}]}`, `{` + keptHead + `,"array":["a","b"],"set":[{"0":{"mac":{"vf":1,":len":4}}}]}`},
		{`{"array":[{"0":"a"},{"7":{":hex":"ff"}}]}`, `{` + keptHead + `,"array":[{"0":"a"},{"7":{":hex":"ff"}}]}`},
		{`{"hops":{"from":1,"to":2,"id":3}}`, `{` + keptHead + `,"hops":{"from":1,"to":2,"id":3}}`},
		{`{"hops":[{"from":1,"to":2},{"from":4,"to":5,"id":3}]}`, `{` + keptHead + `,"hops":[{"from":1,"to":2},{"from":4,"to":5,"id":3}]}`},
		{`{"code":-1}`, `{` + keptHead + `,"code":"minus-one"}`},
		{`{"code":-5}`, `{` + keptHead + `,"code":-5}`},
	} {
		if c.out == "" {
			c.out = c.in
		}
		var k keeper
		if err := UnmarshalJSON([]byte(c.in), &k); err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		got, err := printed(reflect.TypeFor[keeper](), k.payload)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := parsed(got)
		b, err := parsed(c.out)
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s becomes\n%s, want\n%s", c.in, got, c.out)
		}
	}
}

func TestUnmarshalWrongJSON(t *testing.T) {
	for in, want := range map[string]string{
		``:                                 "EOF",
		`[]`:                               "cannot unmarshal array",
		`{} {}`:                            "there is more behind the message",
		`{"nmu":1}`:                        `there is no attribute "nmu" here (did you mean num?)`,
		`{"num":65536}`:                    ".num: 65536 does not fit 2 bytes",
		`{"num":-1}`:                       `.num: must be a number, not "-1"`,
		`{"num":1.5}`:                      ".num: must be a number",
		`{"num":{}}`:                       ".num: must be a number, not an object",
		`{"num":true}`:                     ".num: must be a number, not true",
		`{"code":200}`:                     "does not fit",
		`{"code":-129}`:                    "does not fit",
		`{"state":"dwon"}`:                 `.state: "dwon" is no name of nl.state`,
		`{"state":["down","x"]}`:           `.state[1]: "x" is no name`,
		`{"rings":["rx","ty"]}`:            `.rings: "ty" is no bit`,
		`{"text":5}`:                       ".text: must be a string, not 5",
		`{"mac":"zz"}`:                     `.mac: must be bytes in hexadecimal, not "zz"`,
		`{"addr":5}`:                       ".addr: must be bytes in hexadecimal, not 5",
		`{"on":1}`:                         ".on: must be true or false, not 1",
		`{"field":{"value":1}}`:            `.field: must be an object of "value" and "selector"`,
		`{"field":5}`:                      `.field: must be an object`,
		`{"vlan":{"flag":1}}`:              `.vlan: there is no member "flag" (did you mean flags?)`,
		`{"vlan":{":len":9}}`:              ".vlan: :len must be a number of bytes from 0 to 8, not 9",
		`{"in":5}`:                         ".in: must be an object, not 5",
		`{"tail":"0102"}`:                  ".tail: must be at most 1 bytes, not 2",
		`{":pad-13":"01020304"}`:           ":pad-13 must be fewer than 4 bytes",
		`{":len":2,"num":1}`:               `"num" cannot stand behind a header`,
		`{"sub":5}`:                        ".sub: must be an object, not 5",
		`{"state":"down","sub":{"idd":5}}`: `.sub: there is no attribute "idd" here (did you mean id?)`,
		`{"array":5}`:                      ".array: must be a list, not 5",
		`{"array":["a",5]}`:                ".array[2]: must be a string, not 5",
		`{"hops":[5]}`:                     ".hops: must be an object, not 5",
		`{"hops":{"from":1}}`:              `.hops: "to" must be a number from 0 to 16383, not null`,
		`{"attr-x":5}`:                     `"attr-x": want a number`,
		`{"attr-99":5}`:                    ".attr-99: must be bytes in hexadecimal, not 5",
		`{"num":{":hex":5}}`:               ".num: must be bytes in hexadecimal, not 5",
		`{":rest":"x"}`:                    `must be bytes in hexadecimal, not "x"`,
		`{"attr-99":"` + strings.Repeat("00", 70000) + `"}`: "longer than 65535 bytes",
	} {
		k := keeper{payload: []byte{1}}
		err := UnmarshalJSON([]byte(in), &k)
		if err == nil || !strings.Contains(err.Error(), want) || len(k.payload) != 1 {
			t.Errorf("%.60s: %v, want %q", in, err, want)
		}
	}
	for _, m := range []any{nil, 5, &vlanFlags{}, (*keeper)(nil), keeper{}} {
		if err := UnmarshalJSON([]byte("{}"), m); err == nil || !strings.Contains(err.Error(), "is no message") {
			t.Errorf("%T: %v", m, err)
		}
	}
}

// checkBack checks that what is written of a payload is written again of the
// payload that is made of it.
func checkBack(t *testing.T, l layout, payload []byte) {
	t.Helper()
	text, err := printed(l.typ, payload)
	if err != nil {
		t.Fatal(err)
	}
	back, err := payloadOf(typeOf(l.typ), []byte(text))
	if err != nil {
		if len(payload) > 4096 || strings.Contains(err.Error(), "longer than") {
			return
		}
		t.Fatalf("%s: %x is %s, which is refused: %v", l.name, payload, text, err)
	}
	again, err := printed(l.typ, back)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := parsed(text)
	b, _ := parsed(again)
	if !reflect.DeepEqual(a, b) {
		t.Fatalf("%s: %x is\n%s, which becomes\n%s", l.name, payload, text, again)
	}
}

// TestCatalogueBack reads what is written of the catalogue's messages.
func TestCatalogueBack(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 2
	}
	for i, l := range layouts(t) {
		g := grower{r: rand.New(rand.NewPCG(7, uint64(i)))}
		for range rounds {
			checkBack(t, l, g.message(l.of))
		}
	}
}

// FuzzUnmarshalJSON reads any text. What is taken is taken again as it is
// written.
func FuzzUnmarshalJSON(f *testing.F) {
	f.Add(`{` + keptHead + `,"state":"down","sub":{"id":5,"flags":{"flags":[],":rest":"01",":len":5}},"hops":[{"from":1,"to":2}]}`)
	f.Add(`{"num":[1,{":hex":"ff"}],"array":[{"0":"a"},{"7":{":hex":"ff"}}],"attr-99":{"attr-1":""},":rest":"01"}`)
	f.Add(`{"rings":["rx","0x40"],"field":{"value":[],"selector":3},"addr":"::1","mac":"02:00","code":-1,"on":true}`)
	l := layout{name: "keeper", typ: reflect.TypeFor[keeper]()}
	f.Fuzz(func(t *testing.T, text string) {
		var k keeper
		if len(text) > 4096 || UnmarshalJSON([]byte(text), &k) != nil {
			return
		}
		checkBack(t, l, k.payload)
	})
}
