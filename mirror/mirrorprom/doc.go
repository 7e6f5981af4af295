// Package mirrorprom tells Prometheus how a mirror is doing, by its client library.
//
//	m, err := mirror.Open(ctx, mirror.Links, mirror.Routes)
//	...
//	prometheus.MustRegister(mirrorprom.New(m))
//
// Everything is read when it is asked for: there is no goroutine, and the mirror does
// nothing more for it than for [mirror.Mirror.Health]. Several mirrors of a process
// need a label of their own: see the example.
//
// docs/mirror-metrics.md has the table of metrics, and what to be alerted of.
package mirrorprom
