package site

import "net/http"

// InTime is for tests.
func (s *Site) InTime(next http.Handler) http.Handler { return s.inTime(next) }
