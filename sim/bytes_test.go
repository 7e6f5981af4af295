package sim

import "encoding/binary"

// wireU16 is a u16 in host byte order.
func wireU16(v uint16) []byte { return binary.NativeEndian.AppendUint16(nil, v) }

// wireU32 is a u32 in host byte order.
func wireU32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

func hostIsBig() bool { return wireU16(1)[0] == 0 }
