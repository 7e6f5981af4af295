module github.com/nlkit/nlkit

go 1.26
