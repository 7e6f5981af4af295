package text

import (
	"strconv"
	"strings"
)

// units are the last words of names that certainly tell what is counted: how
// many nanoseconds each is, and 0 for bytes.
var units = map[string]float64{
	"bytes": 0,
	"ns":    1, "nsec": 1, "nsecs": 1,
	"us": 1e3, "usec": 1e3, "usecs": 1e3,
	"ms": 1e6, "msec": 1e6, "msecs": 1e6,
}

// unit shows a count of bytes or a time so that its size can be seen, and
// returns "" where the name does not tell what is counted, and where the number
// is as good.
func unit(name string, v uint64, signed bool) string {
	if signed && int64(v) < 0 {
		return ""
	}
	per, ok := units[name[strings.LastIndexByte(name, '-')+1:]]
	switch {
	case !ok:
		return ""
	case per == 0:
		return byteCount(v)
	}
	return duration(float64(v), per)
}

func byteCount(v uint64) string {
	const k = 1024
	if v < 10*k {
		return ""
	}
	f, i := float64(v)/k, 0
	names := []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for f >= k && i+1 < len(names) {
		f, i = f/k, i+1
	}
	return short(f) + " " + names[i]
}

// duration shows v times per nanoseconds in the largest unit it fills. Times of
// many years are no durations but points in time, of a clock that is not known.
func duration(v, per float64) string {
	ns := v * per
	const second, year = 1e9, 365 * 86400 * 1e9
	switch {
	case v < 1000 || ns > 10*year:
		return "" // the number is as good, or no duration
	case ns < 1e6:
		return short(ns/1e3) + " µs"
	case ns < second:
		return short(ns/1e6) + " ms"
	case ns < 120*second:
		return short(ns/second) + " s"
	case ns < 2*3600*second:
		return short(ns/60/second) + " min"
	case ns < 2*86400*second:
		return short(ns/3600/second) + " h"
	}
	return short(ns/86400/second) + " days"
}

// lifetime shows seconds, also where the number is as good: nothing else tells
// what is counted.
func lifetime(v uint64) string {
	if more := duration(float64(v), 1e9); more != "" {
		return more
	}
	return strconv.FormatUint(v, 10) + " s"
}

// short shows about three digits.
func short(f float64) string {
	if f >= 100 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
