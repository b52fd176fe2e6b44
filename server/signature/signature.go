// Package signature makes a report something that can be trusted later: it says
// what was checked, by what, and when, and bears an instructor's signature
// (Ed25519; keys are PEM files, as OpenSSL makes them). It knows nothing of how
// labs are checked.
package signature

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"cnalab/labs"
)

// purpose keeps a signature of a report from being one of anything else.
const purpose = "cnalab report\n"

// Sign signs what the report says.
func Sign(report *labs.Report, key ed25519.PrivateKey) error {
	report.Signature = ""
	text, err := json.Marshal(report)
	if err != nil {
		return fmt.Errorf("sign report: %w", err)
	}
	signed, _, err := canonical(text)
	if err != nil {
		return fmt.Errorf("sign report: %w", err)
	}
	report.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(key, signed))
	return nil
}

// Check returns the reports in the text, one or a list, as verify wrote them. The
// error says which was not signed by the owner of the key, or was changed since.
func Check(text []byte, key ed25519.PublicKey) (reports []labs.Report, err error) {
	var all []json.RawMessage
	if text = bytes.TrimSpace(text); !bytes.HasPrefix(text, []byte("[")) {
		all = []json.RawMessage{text}
	} else if err := json.Unmarshal(text, &all); err != nil {
		return nil, unreadable(err)
	}
	for _, one := range all {
		report, err := check(one, key)
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return reports, nil
}

func check(text []byte, key ed25519.PublicKey) (report labs.Report, err error) {
	signed, given, err := canonical(text)
	if err == nil {
		err = json.Unmarshal(bytes.TrimPrefix(signed, []byte(purpose)), &report)
	}
	if err != nil {
		return report, unreadable(err)
	}
	if given == "" {
		return report, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("The report of lab %s is not signed.", report.Lab),
			Next: "Sign it where it is made: verify LAB --format json --key FILE."}
	}
	signature, err := base64.StdEncoding.DecodeString(given)
	if err != nil || !ed25519.Verify(key, signed, signature) {
		return report, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("The report of lab %s is not what the owner of this key has signed.", report.Lab),
			Next: "Ask for the report as it was written, or for the key that belongs to it; or verify the work again.", Err: err}
	}
	return report, nil
}

// canonical is what a signature is of: the purpose and the object without its
// signature, whatever the order of its fields and the space between them.
func canonical(text []byte) (signed []byte, signature string, err error) {
	fields, err := fieldsOf(text)
	if err != nil {
		return nil, "", err
	}
	if raw, ok := fields["signature"]; ok {
		if err := json.Unmarshal(raw, &signature); err != nil {
			return nil, "", err
		}
		delete(fields, "signature")
	}
	object, err := json.Marshal(fields)
	return append([]byte(purpose), object...), signature, err
}

// fieldsOf are an object's, each once: of a field that comes twice, another reader
// may take the other.
func fieldsOf(text []byte) (map[string]json.RawMessage, error) {
	if !json.Valid(text) || text[0] != '{' {
		return nil, errors.New("no JSON object")
	}
	fields := map[string]json.RawMessage{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	_, _ = decoder.Token() // the brace
	for decoder.More() {
		name, _ := decoder.Token()
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		if _, twice := fields[name.(string)]; twice {
			return nil, fmt.Errorf("%s comes twice", name)
		}
		fields[name.(string)] = value
	}
	return fields, nil
}

func unreadable(err error) error {
	return &labs.Problem{Kind: labs.BadInput, Say: "The file is no report as verify --format json writes it.",
		Next: "Name the file that it wrote.", Err: err}
}
