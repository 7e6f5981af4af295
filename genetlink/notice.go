package genetlink

import (
	"fmt"

	"github.com/nlkit/nlkit/wire"
)

// notice is what the controller multicasts on its group notify.
type notice struct {
	cmd    uint8   // CtrlNewFamily, CtrlDelFamily, CtrlNewMcastGroup, CtrlDelMcastGroup
	family *Family // whole with CtrlNewFamily, CtrlDelFamily; else number, name and the one group
}

// parseNotice decodes a notification of the controller. It reports false for
// messages that say nothing about a family's coming or going.
func parseNotice(m wire.Message) (notice, bool, error) {
	if m.Type() != ControllerID {
		return notice{}, false, nil
	}
	g, err := Parse(m, 0)
	if err != nil {
		return notice{}, false, fmt.Errorf("notification of nlctrl: %w", err)
	}
	switch g.Cmd {
	case CtrlNewFamily, CtrlDelFamily, CtrlNewMcastGroup, CtrlDelMcastGroup:
	default:
		return notice{}, false, nil
	}
	f, err := ParseFamily(g.Attrs)
	if err != nil {
		return notice{}, false, err
	}
	return notice{cmd: g.Cmd, family: f}, true, nil
}
