package nl

// Indexed is an element of an array in which each has an index of its own: the
// kernel numbers some from 0, most from 1, and some by what they are, such as
// the bands of a radio.
type Indexed[T any] struct {
	Index uint16
	Value T
}

// List makes such an array of values, numbered from 1: some families take the
// index 0 for none.
func List[T any](values ...T) []Indexed[T] {
	list := make([]Indexed[T], len(values))
	for i, v := range values {
		list[i] = Indexed[T]{Index: uint16(i + 1), Value: v}
	}
	return list
}
