package pyynl

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/ynl/codec"
)

// attributes reads the attributes of a request from JSON. Of a name that is
// there twice the last value counts, as in Python.
func attributes(what, text string) (any, error) {
	if text == "" {
		return codec.Object{}, nil
	}
	v, err := codec.ParseJSON([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	o, ok := v.(codec.Object)
	if !ok {
		return nil, fmt.Errorf("%s: must be a JSON object, such as %s, and not %s", what, `{"ifindex": 1}`, strings.TrimSpace(text))
	}
	return lastOfEach(o), nil
}

func lastOfEach(v any) any {
	switch v := v.(type) {
	case codec.Object:
		at := map[string]int{}
		out := codec.Object{}
		for _, f := range v {
			f.Value = lastOfEach(f.Value)
			if i, ok := at[f.Name]; ok {
				out[i].Value = f.Value
				continue
			}
			at[f.Name] = len(out)
			out = append(out, f)
		}
		return out
	case []any:
		for i := range v {
			v[i] = lastOfEach(v[i])
		}
	}
	return v
}
