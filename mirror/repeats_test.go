package mirror

import "testing"

// host6 is the payload of an IPv6 route to a host, over a link.
func host6(n byte, link uint32) []byte {
	payload := make([]byte, rtMsgLen)
	payload[0], payload[1], payload[4], payload[routeTypeOf] = afInet6, 128, 254, 1
	payload = hostOrder.AppendUint16(payload, 4+16)
	payload = hostOrder.AppendUint16(payload, rtaDst)
	dst := [16]byte{0: 0xfd, 15: n}
	payload = append(payload, dst[:]...)
	return putAttrU32(payload, rtaOIF, link)
}

// TestRepeatedRow: an IPv6 route that a dump shows twice, because others came and went
// meanwhile, is not two; whether it is will be read.
func TestRepeatedRow(t *testing.T) {
	for _, clean := range []bool{false, true} {
		m := &Mirror{tables: []asked{{def: &routeDefinition}}}
		f := &feed{m: m}
		tb := newTable(f, &space{nsid: Own}, 0)
		key, value := f.normal(tb.def, host6(1, 50))
		tb.put(key, value, Announced)
		tb.pass = f.newPass(Scope{})
		for _, row := range [][]byte{host6(1, 50), host6(2, 50), host6(2, 50), host6(3, 51)} {
			tb.row(row)
		}
		tb.merge(Resynced, clean, false)
		want, doubts := 4, 0 // the kernel can have two, where a route was replaced
		if !clean {
			want, doubts = 3, 1
		}
		if n := tb.store.Len(); n != want || len(tb.pass.doubtful) != doubts {
			t.Errorf("clean %v: %d records and %d doubts, want %d and %d", clean, n, len(tb.pass.doubtful), want, doubts)
		}
	}
}
