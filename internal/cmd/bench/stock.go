package main

import "github.com/pocketbase/pocketbase"

// serveStock is PocketBase as it comes.
func serveStock() error { return pocketbase.New().Start() }
