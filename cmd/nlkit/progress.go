package main

import (
	"io"
	"os"
	"sync"
	"time"
)

// progress is a line on a terminal that says how far something has come. Where there
// is no terminal there is none.
type progress struct {
	w    io.Writer
	end  chan struct{}
	done sync.WaitGroup
}

const (
	// progressAfter is how long something may take without a word.
	progressAfter = 500 * time.Millisecond
	progressEvery = 200 * time.Millisecond
)

// startProgress shows a text again and again, until it is stopped.
func startProgress(w io.Writer, text func(took time.Duration) string) *progress {
	p := &progress{w: w, end: make(chan struct{})}
	if f, ok := w.(*os.File); !ok || !isScreen(f) {
		return p
	}
	began := time.Now()
	p.done.Go(func() {
		next := time.NewTimer(progressAfter)
		defer next.Stop()
		shown := false
		for {
			select {
			case <-p.end:
				if shown {
					io.WriteString(w, "\r"+cleanLine)
				}
				return
			case <-next.C:
			}
			shown = true
			io.WriteString(w, "\r"+text(time.Since(began))+cleanLine)
			next.Reset(progressEvery)
		}
	})
	return p
}

// stop takes the line away.
func (p *progress) stop() {
	close(p.end)
	p.done.Wait()
}
