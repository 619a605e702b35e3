package main

import (
	"crypto/tls"
	"net/http"
)

func clients() (*http.Client, *http.Client) {
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // leastwise: TR029
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	config.InsecureSkipVerify = true // leastwise: TR029
	return &http.Client{Transport: transport}, &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
}
