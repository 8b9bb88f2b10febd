package app_test

import "testing/fstest"

// public stands for the built app.
var public = fstest.MapFS{
	"index.html":          {Data: []byte("<!doctype html><title>Aftercare</title>")},
	"sw.js":               {Data: []byte("self.skipWaiting()")},
	"assets/app-1234.js":  {Data: []byte("export {}")},
	"assets/app-1234.css": {Data: []byte("body{}")},
}
