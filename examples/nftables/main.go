// Nftables makes a firewall in one transaction, so that no packet ever meets half
// of it: a table with a chain that lets in what belongs to connections that are
// there and what goes to port 22, counts that, and drops the rest.
//
//	table inet example {
//		chain input {
//			type filter hook input priority 0; policy drop;
//			ct state established,related accept
//			tcp dport 22 counter accept
//		}
//	}
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nftables"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
)

const (
	table, chain = "example", "input"
	tcp          = 6 // IPPROTO_TCP
	localIn      = 1 // NF_INET_LOCAL_IN
	established  = 2 // NF_CT_STATE_BIT(IP_CT_ESTABLISHED)
	related      = 4 // NF_CT_STATE_BIT(IP_CT_RELATED)
)

var (
	inet = nftables.NfGenMsg{Family: nl.NFProtoInet} // tables for IPv4 and IPv6 together
	reg1 = nl.Some(nftables.Reg1)                    // what expressions pass on to the next
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("nftables: ", err)
	}
}

func run(ctx context.Context) error {
	opts, err := scratch.Namespace()
	if err != nil {
		return err
	}
	c, err := nftables.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()

	err = c.Transaction(ctx,
		nl.Call(&nftables.TableNewRequest{Header: inet, Name: nl.Some(table)}, nl.Create, nl.Excl),
		nl.Call(&nftables.ChainNewRequest{
			Header: inet, Table: nl.Some(table), Name: nl.Some(chain), Type: nl.Some("filter"),
			Hook:   &nftables.Hook{Num: nl.U32(localIn), Priority: nl.S32(0)},
			Policy: nl.U32(uint32(nftables.VerdictCodeDrop)),
		}, nl.Create, nl.Excl),
		nl.Call(rule(
			&nftables.ExprCt{Key: nl.Some(nftables.CtKeyState), DReg: reg1},
			&nftables.ExprBitwise{SReg: reg1, DReg: reg1, Len: nl.U32(4),
				Mask: data(binary.NativeEndian.AppendUint32(nil, established|related)), Xor: data(make([]byte, 4))},
			&nftables.ExprCmp{SReg: reg1, Op: nl.Some(nftables.CmpOpNeq), Data: data(make([]byte, 4))},
			verdict(nftables.VerdictCodeAccept),
		), nl.Create, nl.Append),
		nl.Call(rule(
			&nftables.ExprMeta{Key: nl.Some(nftables.MetaKeyL4Proto), DReg: reg1},
			&nftables.ExprCmp{SReg: reg1, Op: nl.Some(nftables.CmpOpEq), Data: data([]byte{tcp})},
			&nftables.ExprPayload{DReg: reg1, // the destination port
				Base: nl.Some(nftables.PayloadBaseTransportHeader), Offset: nl.U32(2), Len: nl.U32(2)},
			&nftables.ExprCmp{SReg: reg1, Op: nl.Some(nftables.CmpOpEq), Data: data(binary.BigEndian.AppendUint16(nil, 22))},
			&nftables.ExprCounter{},
			verdict(nftables.VerdictCodeAccept),
		), nl.Create, nl.Append),
	)
	if err != nil {
		return err
	}
	if err := list(ctx, c); err != nil {
		return err
	}

	// All or nothing: the table is there, so that its chain is not deleted either.
	err = c.Transaction(ctx,
		nl.Call(&nftables.ChainDelRequest{Header: inet, Table: nl.Some(table), Name: nl.Some(chain)}),
		nl.Call(&nftables.TableNewRequest{Header: inet, Name: nl.Some(table)}, nl.Create, nl.Excl),
	)
	if !errors.Is(err, netlink.EEXIST) {
		return fmt.Errorf("a table that is there was made again: %w", err)
	}
	fmt.Println("refused as a whole:", err)
	return list(ctx, c)
}

// rule is a rule at the chain's end: expressions that are run one after the
// other on a packet's registers, until one says no or gives a verdict.
func rule(exprs ...nftables.ExprData) *nftables.RuleNewRequest {
	list := &nftables.ExprList{}
	for _, e := range exprs {
		list.Elem = append(list.Elem, &nftables.Expr{Data: e})
	}
	return &nftables.RuleNewRequest{Header: inet, Table: nl.Some(table), Chain: nl.Some(chain), Expressions: list}
}

func data(value []byte) *nftables.Data { return &nftables.Data{Value: value} }

func verdict(code nftables.VerdictCode) *nftables.ExprImmediate {
	return &nftables.ExprImmediate{
		DReg: nl.Some(nftables.RegVerdict),
		Data: &nftables.Data{Verdict: &nftables.Verdict{Code: nl.Some(code)}},
	}
}

func list(ctx context.Context, c *nftables.Client) error {
	for r, err := range c.RuleGetDump(ctx, &nftables.RuleGetDumpRequest{Header: inet, Table: nl.Some(table)}) {
		if err != nil {
			return err
		}
		fmt.Printf("%v %v, rule %v:", r.Table, r.Chain, r.Handle)
		for _, expr := range r.Expressions.Elem {
			switch e := expr.Data.(type) {
			case *nftables.ExprCounter:
				fmt.Printf(" counter(%v packets)", e.Packets)
			case *nftables.ExprImmediate:
				fmt.Printf(" %v", e.Data.Verdict.Code)
			default:
				fmt.Printf(" %v", expr.Name)
			}
		}
		fmt.Println()
	}
	return nil
}
