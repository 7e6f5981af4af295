//go:build linux

package family_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/catalogue"
	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// TestLive asks each family that the kernel has everything that can be read, and
// compares the requests and every message that comes.
func TestLive(t *testing.T) {
	s := scene.New(t)
	questions, absent := s.Questions(t)
	clients := map[*ynl.Spec]*client.Client{}
	families := map[string]bool{}
	requests, messages := 0, 0
	for _, q := range questions {
		if clients[q.Spec] == nil {
			clients[q.Spec] = s.Dial(t, q.Spec)
		}
		families[q.Spec.Name] = true
		request, reply := pairOf(q, catalogue.Request), pairOf(q, catalogue.Reply)
		if request == nil || reply == nil {
			t.Errorf("%s: no type for it", q)
			continue
		}
		faults := 0
		fault := func(p *pair, payload []byte, err error) {
			if err == nil {
				return
			}
			if faults++; faults <= 3 {
				t.Errorf("%s: %x: %.3000v", p.TypeName(), payload, err)
			}
		}
		answers := 0
		for _, text := range q.Requests {
			requests++
			payload := requestPayload(t, q, text)
			if exceptions[q.String()] == "" {
				fault(request, payload, request.Compare(payload))
			}
			q.Ask(t, clients[q.Spec], text, func(m client.Message) {
				answers++
				fault(reply, m.Payload, reply.Compare(m.Payload))
			})
		}
		if answers < q.Answers && s.Done[q.Where] {
			t.Errorf("%s: %d messages, want %d at the least", q, answers, q.Answers)
		}
		messages += answers
	}
	t.Logf("%d families, %d operations, %d requests, %d messages", len(families), len(questions), requests, messages)
	t.Logf("families this kernel lacks: %s", strings.Join(absent, " "))
}

// pairOf is the request or the reply of a question.
func pairOf(q scene.Question, role catalogue.Role) *pair {
	for _, p := range all() {
		if p.Family.Name == q.Spec.Name && p.Role == role && p.Name == q.Op.Name && p.Op.Dump == q.Dump {
			return p
		}
	}
	return nil
}

// requestPayload is what a request in JSON sends.
func requestPayload(t *testing.T, q scene.Question, text string) []byte {
	t.Helper()
	v, err := codec.ParseJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var b wire.Builder
	if err := codec.Of(q.Op).Append(&b, v, codec.Options{}); err != nil {
		t.Fatal(fmt.Errorf("%s: %s: %w", q, text, err))
	}
	payload, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return payload
}
