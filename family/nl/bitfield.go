package nl

// Bitfield32 are named bits of which some are meant: the bits of Value, as far as
// Selector names them (struct nla_bitfield32).
type Bitfield32[T Int] struct {
	Value    T
	Selector T
}
