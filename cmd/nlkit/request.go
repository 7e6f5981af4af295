package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/assign"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// requestFlags are the flags of do and dump.
type requestFlags struct {
	json                          jsonText
	raw                           rawPayload
	create, excl, replace, append bool
	flags                         messageFlags
}

func (f *requestFlags) add(cmd *cobra.Command, dump bool) {
	cmd.Flags().Var(&f.json, "json", "the attributes as a JSON `OBJECT`; @FILE reads it from a file,\n- from the standard input")
	cmd.Flags().Var(&f.raw, "raw", "all that follows the headers of netlink and generic\nnetlink, as bytes; a fixed header is part of it")
	cmd.Flags().Var(&f.flags, "flag", "further bits of the message's flags, such as 0x8 (repeatable)")
	_ = cmd.RegisterFlagCompletionFunc("raw", cobra.NoFileCompletions)
	_ = cmd.RegisterFlagCompletionFunc("flag", cobra.NoFileCompletions)
	if dump {
		return
	}
	cmd.Flags().BoolVar(&f.create, "create", false, "make it if it is not there")
	cmd.Flags().BoolVar(&f.excl, "excl", false, "fail if it is there")
	cmd.Flags().BoolVar(&f.replace, "replace", false, "replace what is there")
	cmd.Flags().BoolVar(&f.append, "append", false, "add it at the end of the list")
}

// wireFlags puts the flags together.
func (f *requestFlags) wireFlags() wire.Flags {
	out := wire.Flags(f.flags)
	for _, bit := range []struct {
		on   bool
		flag wire.Flags
	}{{f.create, wire.Create}, {f.excl, wire.Excl}, {f.replace, wire.Replace}, {f.append, wire.Append}} {
		if bit.on {
			out |= bit.flag
		}
	}
	return out
}

// messageFlags is the value of --flag.
type messageFlags wire.Flags

func (f *messageFlags) String() string {
	if *f == 0 {
		return ""
	}
	return fmt.Sprintf("0x%x", uint16(*f))
}

// Type is what the usage calls the value.
func (f *messageFlags) Type() string { return "N" }

func (f *messageFlags) Set(s string) error {
	n, err := strconv.ParseUint(s, 0, 16)
	if err != nil {
		return errors.New("must be a number up to 0xffff")
	}
	*f |= messageFlags(n)
	return nil
}

// rawPayload is the value of --raw. Given but empty, it is not nil.
type rawPayload []byte

func (r *rawPayload) String() string { return hex.EncodeToString(*r) }

// Type is what the usage calls the value.
func (r *rawPayload) Type() string { return "HEX" }

func (r *rawPayload) Set(s string) error {
	b, err := hex.DecodeString(strings.NewReplacer(" ", "", ":", "", "\n", "").Replace(s))
	if err != nil {
		return errors.New("must be bytes of two hexadecimal digits each, such as 08000100")
	}
	*r = append(rawPayload{}, b...)
	return nil
}

// request makes the request of a command line: attributes from assignments, from
// JSON or from both, or bytes.
func (c *call) request(f *requestFlags, op string, args []string, dump bool) (client.Request, *assign.Message, error) {
	r := client.Request{Op: op, Flags: f.wireFlags(), Codec: c.codec}
	if f.raw != nil {
		if len(args) > 0 || f.json.given {
			return r, nil, cli.Usagef("--raw stands for all attributes: give it without others")
		}
		r.Payload = f.raw
		return r, nil, nil
	}
	if c.op(op) == nil && !isNumber(op) {
		return r, nil, nil // the client says so
	}
	var attrs codec.Object
	if f.json.given {
		text, err := f.json.read(c.cmd.InOrStdin())
		if err != nil {
			return r, nil, err
		}
		if len(bytes.TrimSpace(text)) == 0 {
			return r, nil, cli.Usagef("--json: the text is empty: write --json '{}' for no attributes")
		}
		v, err := codec.ParseJSON(text)
		if err != nil {
			return r, nil, cli.Usagef("--json: %w", err)
		}
		o, ok := v.(codec.Object)
		if !ok {
			return r, nil, cli.Usagef("--json must be an object, as in --json '{\"ifname\": \"lo\"}'")
		}
		attrs = o
	}
	o := assign.Options{Interface: c.names.Index, Fallback: c.codec.Fallback}
	if op := c.op(op); dump && op != nil && op.Dump != nil {
		o.Request = op.Dump.Request
	}
	m, err := assign.Parse(args, c.layout(op), o)
	if err != nil {
		return r, nil, c.misspelt(err, op)
	}
	if err := c.twice(op, attrs, m); err != nil {
		return r, nil, err
	}
	r.Attrs = append(attrs, m.Attrs...)
	return r, m, nil
}

// twice refuses what is in the JSON and is assigned as well, unless it is a list.
func (c *call) twice(op string, attrs codec.Object, m *assign.Message) error {
	l := c.layout(op)
	name := func(f codec.Field) string {
		text, header := strings.CutPrefix(f.Name, "header:")
		if l.Set == nil {
			return text
		}
		a := l.Set.Attr(text)
		if header && a != nil {
			return f.Name // the member of that name
		}
		if n, err := strconv.ParseUint(strings.TrimPrefix(text, "attr-"), 0, 16); a == nil && err == nil {
			a = l.Set.ByID(uint16(n))
		}
		switch {
		case a == nil:
			return text
		case a.Multi:
			return ""
		}
		return a.Name
	}
	for _, given := range attrs {
		for _, f := range m.Attrs {
			if n := name(f); n != "" && n == name(given) {
				return cli.Usagef("%q: %s is given twice, in --json too", m.Blame("."+strings.TrimPrefix(n, "header:")), n)
			}
		}
	}
	return nil
}

// layout is that of an operation's messages. What the operation is, the client
// says.
func (c *call) layout(op string) codec.Layout {
	if o := c.op(op); o != nil {
		return codec.Of(o)
	}
	return codec.Layout{Header: c.spec.Header}
}

// op finds an operation by its name or the number of its request; nil where
// there is none.
func (c *call) op(name string) *ynl.Op {
	if o := c.spec.Op(name); o != nil {
		return o
	}
	if n, err := strconv.ParseUint(name, 0, 16); err == nil {
		return c.spec.Request(uint16(n))
	}
	return nil
}

// misspelt adds to an error of the assignments where to look.
func (c *call) misspelt(err error, op string) error {
	e, ok := errors.AsType[*assign.Error](err)
	if !ok || e.Err != nil {
		return err
	}
	if c.bare || c.op(op) == nil || len(e.Near) > 0 {
		return &cli.UsageError{Err: e}
	}
	return cli.Usagef("%w (\"nlkit show %s %s\" explains them)", e, c.spec.Name, op)
}

// maxJSON bounds what is read as JSON, in bytes: an attribute has 64 KiB at
// most.
const maxJSON = 16 << 20

// jsonText is the value of --json.
type jsonText struct {
	text  string
	given bool // if only empty
}

func (j *jsonText) String() string { return j.text }

// Type is what the usage calls the value.
func (j *jsonText) Type() string { return "OBJECT" }

func (j *jsonText) Set(s string) error {
	*j = jsonText{s, true}
	return nil
}

func (j *jsonText) read(stdin io.Reader) ([]byte, error) {
	path, file := strings.CutPrefix(j.text, "@")
	switch {
	case j.text == "-":
	case file:
		in, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("--json: %w", err)
		}
		defer in.Close()
		stdin = in
	default:
		return []byte(j.text), nil
	}
	text, err := io.ReadAll(io.LimitReader(stdin, maxJSON+1))
	if err == nil && len(text) > maxJSON {
		err = fmt.Errorf("more than %d MiB", maxJSON>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("--json: %w", err)
	}
	return text, nil
}
