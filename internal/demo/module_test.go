package demo

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/docexmpl"
	"github.com/nlkit/nlkit/wire"
)

// TestPlainHeader compares what the module of the plain protocol has in its
// header with what the demos and the simulated kernel side go by: that protocol
// has no spec which both could be made of.
func TestPlainHeader(t *testing.T) {
	text, err := os.ReadFile("../../kmod/plain/uapi/linux/nlkit_plain.h")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, re := range []string{
		`(?m)^#define\s+NLKIT_PLAIN_(\w+)[ \t]+(\S.*)$`, // values on the same line
		`(?m)^\s+NLKIT_PLAIN_(\w+)\s*=\s*(0x[0-9a-f]+|[0-9]+),`,
	} {
		for _, m := range regexp.MustCompile(re).FindAllStringSubmatch(string(text), -1) {
			got[m[1]] = m[2]
		}
	}
	number := func(v int) string { return strconv.Itoa(v) }
	quoted := func(s string) string { return strconv.Quote(strings.ReplaceAll(s, "%d", "%u")) }
	for name, want := range map[string]string{
		"PROTOCOL":           number(int(PlainProtocol)),
		"GROUP":              number(PlainGroup),
		"ONE_WAY":            fmt.Sprintf("%#x", uint16(typeOneWay)),
		"TWO_WAY":            fmt.Sprintf("%#x", uint16(typeTwoWay)),
		"BROADCAST":          fmt.Sprintf("%#x", uint16(typeBroadcast)),
		"COUNT":              fmt.Sprintf("%#x", uint16(typeCount)),
		"BROADCAST_FORMAT":   quoted(broadcastFormat),
		"BROADCASTS_MAX":     number(maxBroadcasts),
		"BROADCAST_SIZE_MAX": number(maxBroadcastSize),
		"BROADCAST_TEXT":     `"broadcast %u of %u"`,
		"KERNEL_TEXT":        quoted(kernelText),
	} {
		if got[name] != want {
			t.Errorf("NLKIT_PLAIN_%s is %q, want %q", name, got[name], want)
		}
		delete(got, name)
	}
	for name, value := range got {
		t.Errorf("NLKIT_PLAIN_%s is %q, and nothing here", name, value)
	}
	if got, want := broadcastText(3, 10), fmt.Sprintf("broadcast %d of %d", 3, 10); got != want {
		t.Errorf("the text of a broadcast is %q, want %q", got, want)
	}
}

// TestFamilyNumbers compares what the demos go by with what the module's spec has:
// the demos speak to the family without what is generated.
func TestFamilyNumbers(t *testing.T) {
	req := &docexmpl.EchoRequest{Msg: nl.Some(userText)}
	op := req.NetlinkOp()
	if op.Family.Name != FamilyName || op.Family.Version != familyVersion {
		t.Errorf("the spec is that of %s, version %d; want %s, %d", op.Family.Name, op.Family.Version, FamilyName, familyVersion)
	}
	if docexmpl.GroupDocExmplGrp != GroupName {
		t.Errorf("the group is %s, want %s", docexmpl.GroupDocExmplGrp, GroupName)
	}
	if id := new(docexmpl.HelloNotification).NetlinkID(); op.ID != cmdEcho || op.ReplyID != cmdEcho || id != cmdEcho {
		t.Errorf("request, reply and notification have the numbers %d, %d and %d; want %d", op.ID, op.ReplyID, id, cmdEcho)
	}
	var got, want wire.Builder
	req.AppendNetlink(&got)
	want.Text(attrMsg, userText)
	g, err := got.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	w, err := want.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(g, w) {
		t.Errorf("a request is %x, want %x", g, w)
	}
}
