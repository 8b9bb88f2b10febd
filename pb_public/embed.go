// Package web carries the built app inside the binary. Dist holds dist (when the app has been built) and dist.missing,
// a page that says how to build it, so that `go build` works on a fresh checkout.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist*
var files embed.FS

// Dist is the built app's folder, or the page that says the app is not built yet.
func Dist() fs.FS {
	name := "dist.missing"
	if _, err := fs.Stat(files, "dist/index.html"); err == nil {
		name = "dist"
	}
	sub, err := fs.Sub(files, name)
	if err != nil { // cannot be: the folder is embedded above
		panic(err)
	}
	return sub
}
