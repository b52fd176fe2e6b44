package workspaces

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// Read returns a file's text. What is not text, or too long for an editor,
// is refused in a sentence.
func (c *Workspace) Read(name string) (Text, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	root, err := c.root(context.Background())
	if err != nil {
		return Text{}, err
	}
	defer root.Close()
	text, err := c.read(root, name)
	if err == nil && c.seen[text.Path] != text.ETag {
		c.history.Mirror(root, text.Path) // an editor wrote it; a page that watches reads it soon after
		c.seen[text.Path] = text.ETag
	}
	return text, err
}

// Write replaces a file's text where its tag is still ifMatch; an empty
// ifMatch makes a new file. Where somebody else wrote it in the meantime the
// error is a conflict, and the Text is what the file holds now.
func (c *Workspace) Write(name, text, ifMatch string) (Text, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := checkText(name, text); err != nil {
		return Text{}, err
	}
	root, err := c.root(context.Background())
	if err != nil {
		return Text{}, err
	}
	defer root.Close()
	now, err := c.replace(root, name, text, ifMatch)
	if err != nil {
		return now, err
	}
	c.history.Mirror(root, now.Path)
	c.saved(map[string]string{now.Path: folder.ETag(text)})
	return Text{Path: now.Path, Text: text, ETag: folder.ETag(text)}, nil
}

// replace saves the text in place of the one with the tag, however often
// somebody else writes meanwhile, and returns what it has replaced.
func (c *Workspace) replace(root *os.Root, name, text, ifMatch string) (Text, error) {
	for {
		now, err := c.match(root, name, ifMatch)
		if err != nil {
			return now, err
		}
		if now.ETag == "" {
			err = folder.Portable(now.Path)
		}
		if err := errors.Join(err, c.room(root, int64(len(text)-len(now.Text)))); err != nil {
			return now, err
		}
		err = folder.ReplaceIfMatch(root, now.Path, []byte(text), now.ETag)
		if errors.Is(err, folder.ErrChanged) {
			continue // what it is now, match says
		}
		if err != nil {
			err = folder.Trouble(now.Path+" was not saved", c.dir, err)
		}
		return now, err
	}
}

// match reads the file and compares its tag. A file that is not there has an
// empty tag.
func (c *Workspace) match(root *os.Root, name, ifMatch string) (Text, error) {
	now, err := c.read(root, name)
	if isMissing(err) {
		now, err = Text{Path: filepath.ToSlash(filepath.Clean(name))}, nil
	}
	if err != nil || now.ETag == ifMatch {
		return now, err
	}
	p := &labs.Problem{Kind: labs.Conflict, Detail: now.Text}
	switch {
	case now.ETag == "":
		p.Say = fmt.Sprintf("%s was deleted while you were editing it.", now.Path)
		p.Next = "Your text is still here. Save it as a new file, or let it go."
	case ifMatch == "":
		p.Say = fmt.Sprintf("%s is there already.", now.Path)
		p.Next = "Open it, or choose another name."
	default:
		p.Say = fmt.Sprintf("%s was changed somewhere else while you were editing it.", now.Path)
		p.Next = "Your text is still here. Compare the two, then keep yours or take the other."
	}
	return now, p
}

func (c *Workspace) read(root *os.Root, name string) (Text, error) {
	name, err := folder.Inside(name)
	if err != nil {
		return Text{}, err
	}
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, folder.ErrNotFolder):
		return Text{}, missing(name)
	case err != nil:
		return Text{}, outside(name, err)
	case info.IsDir():
		return Text{}, &labs.Problem{Kind: labs.BadInput, Say: name + " is a folder.", Next: "Open a file in it."}
	case !info.Mode().IsRegular():
		return Text{}, outside(name, nil)
	case info.Size() > folder.MaxFile:
		return Text{}, tooLarge(name)
	}
	text, err := folder.Read(root, name)
	if err != nil {
		return Text{}, folder.Trouble(name+" was not read", c.dir, err)
	}
	if !isText(text) {
		return Text{}, &labs.Problem{
			Kind: labs.BadInput,
			Say:  name + " is not text, so the editor does not open it.",
			Next: fmt.Sprintf("Open it in a program of yours; it is in %s.", c.dir),
		}
	}
	return Text{Path: name, Text: string(text), ETag: folder.ETag(string(text))}, nil
}

func isText(text []byte) bool { return utf8.Valid(text) && !bytes.ContainsRune(text, 0) }

func checkText(name, text string) error {
	if len(text) > folder.MaxFile {
		return tooLarge(folder.Clip(name))
	}
	if !isText([]byte(text)) {
		return &labs.Problem{
			Kind: labs.BadInput,
			Say:  fmt.Sprintf("What you sent for %s is not text, so it was not saved.", folder.Clip(name)),
			Next: "Save it as UTF-8 text; a file of another kind belongs outside the workspace.",
		}
	}
	return nil
}

func tooLarge(name string) error {
	return &labs.Problem{
		Kind: labs.BadInput,
		Say:  fmt.Sprintf("%s is larger than 1 MiB, which is the most a file here may hold.", name),
		Next: "Make it smaller, or keep it outside the workspace.",
	}
}

func missing(name string) error {
	return &labs.Problem{
		Kind: labs.NotFound,
		Say:  fmt.Sprintf("There is no file %s in this workspace.", name),
		Next: "Choose one from the list of files, or make it.",
		Err:  fs.ErrNotExist,
	}
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

func outside(name string, err error) error {
	return &labs.Problem{
		Kind: labs.BadInput,
		Say:  fmt.Sprintf("%s is not a plain file in this workspace, so it is left alone.", name),
		Next: "Replace the link by a file if you want to edit it here.",
		Err:  err,
	}
}
