package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
)

func client(authority []byte) *http.Client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	config := &tls.Config{RootCAs: pool, InsecureSkipVerify: false}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
}
