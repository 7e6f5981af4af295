package goname

import "testing"

func TestParseOp(t *testing.T) {
	const notification = true
	for _, tt := range []struct {
		name string
		want Op
	}{
		{"getlink", Op{"Link", "Get", false}},
		{"newlink-ntf", Op{"Link", "New", notification}},
		{"link-get", Op{"Link", "Get", false}},
		{"get-wiphy", Op{"Wiphy", "Get", false}},
		{"rings-get", Op{"Rings", "Get", false}},
		{"pin-id-get", Op{"PinID", "Get", false}},
		{"dev-add-ntf", Op{"Dev", "Add", notification}},
		{"newmcast-grp-ntf", Op{"McastGrp", "New", notification}},
		{"linkinfo-ntf", Op{"LinkInfo", "", notification}},
		{"cache-notify", Op{"Cache", "", notification}},
		{"notify-filter-set", Op{"NotifyFilter", "Set", false}},
		{"perf-domain-created", Op{"PerfDomain", "Created", false}},
		{"module-fw-flash-act", Op{"ModuleFWFlash", "Act", false}},
		{"cable-test-act", Op{"CableTest", "Act", false}},
		{"cable-test-ntf", Op{"CableTest", "", notification}},
		{"cable-test-tdr-ntf", Op{"CableTestTDR", "", notification}},
		{"rss-create-act", Op{"RSS", "CreateAct", false}},
		{"batch-begin", Op{"Batch", "Begin", false}},
		{"bind-rx", Op{"", "BindRx", false}},
		{"rx-assoc", Op{"Rx", "Assoc", false}},
		{"getset", Op{"Set", "Get", false}}, // the set is the noun
		{"newset-ntf", Op{"Set", "New", notification}},
		{"getsetelem-reset", Op{"SetElem", "GetReset", false}},
		{"get-ctrzero", Op{"", "GetCtrZero", false}},
		{"gettclass", Op{"Class", "Get", false}},
		{"delqdisc", Op{"Qdisc", "Del", false}},
		{"plca-get-cfg", Op{"PLCACfg", "Get", false}},
		{"svc-export-set-reqs", Op{"SvcExportReqs", "Set", false}},
		{"get", Op{"", "Get", false}},
		{"new-ntf", Op{"", "New", notification}},
		{"report", Op{"Report", "", false}},
		{"notify", Op{"Notify", "", false}},     // alone it is no suffix
		{"settings", Op{"Settings", "", false}}, // no verb in front
		{"newcastle-get", Op{"Newcastle", "Get", false}},
		{"4way-get", Op{"FourWay", "Get", false}},
		{"", Op{"X", "", false}},
	} {
		if got := ParseOp(tt.name); got != tt.want {
			t.Errorf("ParseOp(%q) = %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
