package words

import "time"

// Words is what pages say, in one language. A sentence that holds a number or
// a name is a function, because languages put it in different places.
type Words struct {
	Page      Page
	Catalogue Catalogue
	Lab       Lab
	Check     Check
	Files     Files
	Sandbox   Sandbox
	Terminal  Terminal
	Problem   Problem
	Mutants   Mutants
	Client    Client
	// Took is a length of time as a person says it.
	Took func(d time.Duration) string
}

// Page is what every page says.
type Page struct {
	Skip     string // the link that jumps over the header
	Skips    string // the name of all such links
	Home     string // the catalogue, as a place
	Theme    string // the name of the theme switch
	Light    string
	Dark     string
	System   string
	Language string // the name of the language switch
	Keys     string // the button that shows the keyboard shortcuts
	Go       string // the button that finds files, steps and actions
	Dismiss  string // the button that puts a notice away
}

// Catalogue is what the first page says.
type Catalogue struct {
	Title     string
	Intro     func(labs, planned int) string
	HalfBuild string
	HalfRun   string
	Map       string // the heading of the picture
	MapSays   func(built, all int) string
	Planned   string // in one word
	Needs     string
	NeedsNone string
	Minutes   func(n int) string
	Progress  func(passed, steps int) string
	Start     string
	GoOn      string
	Again     string
	Here      string
	Legend    [3]string // built, being built, not built
}

// Lab is what the lab page says around the step's own text.
type Lab struct {
	Stepper       string
	Step          func(n int) string
	Progress      func(passed, steps int) string
	Text          string // the reading pane
	Workbench     string // the working pane
	Panels        string // the pane below the editor
	Untranslated  string
	Hints         string
	HintShown     func(n, all int) string
	HintMore      func(left int) string
	Answer        string // opens what answers a question
	Documentation string // a word's own, elsewhere
	Solution      string
	SolutionAsk   string
	SolutionShow  string
	SolutionType  string
	New           string
	Changed       string
	Removed       string
	Words         func(n int) string // the heading of the glossary
	Before        string
	StepLinks     string // the links to the steps before and after
	Next          string
	Planned       string
	PlannedNext   string
	ToCatalogue   string
	SkipEditor    string
	SkipPanels    string
	SkipCheck     string
	Resize        string
}

// Check is what the result bar and the verdicts say.
type Check struct {
	Check         string
	Verdicts      string
	Passed        string
	NotYet        string
	CouldNotCheck string
	Unchecked     string
	Checking      string
	CheckingOf    func(done, all int) string
	Opens         string // what a run does before its checks
	Builds        string
	Compiles      string // the checks
	Heals         func(part string) string
	Cancel        string
	Cancelled     string
	Idle          string // the result bar before the first check
	AllPassed     string
	NextStep      string // to the next step
	LabDone       string
	AsAbove       string // of a check that found what another above it did
	Got           string
	Want          string
	Output        string
	Nothing       string // an empty got or want
	Details       string
	OpenPosition  func(at string) string
	Empty         string
	Isolation     func(by string) string // what kept the learner's code from the checks
}

// Files is what the editor, its tree and the workspace menu say.
type Files struct {
	Tree            string
	Editor          string
	Empty           string
	Pick            string
	Workspace       string // the heading of the menu
	ResetFile       func(path string) string
	ResetStep       string
	ResetLab        string
	FastForward     string
	FastForwardSays string
	Undo            string
	UndoOf          func(what string) string
	RedoOf          func(what string) string
	Kept            string
	New             string
	Remove          func(path string) string
	Own             string // the heading of what works without this page
	OwnSays         string
	CopyPath        string
	Download        string
	HandIn          string
	HandInSays      string
}

// Sandbox is what the sandbox's pieces say.
type Sandbox struct {
	Name      string
	Closed    string
	Opening   string
	Open      string
	Failed    string
	Closing   string
	None      string
	Away      string             // in its place, while the server does not answer
	Unwell    func(n int) string // in its place, while several parts do not run as they should
	DoOpen    string
	DoClose   string
	Again     string
	Stages    string
	ClosedIs  string            // the empty state of the stages
	Holds     map[string]string // what is lost when the sandbox closes, by the kind of the part that holds it
	NoneIs    string
	OpenedIn  func(took string) string
	Parts     string
	PartsIs   string            // the empty state of the parts
	NoParts   string            // the same, where the sandbox is open and has none
	Kind      map[string]string // what a sandbox is, by its provider's name
	Differs   map[string]string // how an embedded part is not the real one, by its kind
	BreakSays string            // what the parts are good for
	Snapshot  string
	Restore   func(taken string) string // by when the snapshot was taken
	// SnapshotSays is what a snapshot is good for.
	SnapshotSays string
	Break        string
	Heal         string
	Fault        map[string]string // by kind
	FaultSays    map[string]string // what it does, by kind
	State        map[string]string // by state
	Log          string
	LogIs        string // the empty state of the log
	AllParts     string
	Running      string // a stage that is at it
	Done         string
	StageFail    string
}

// Terminal is what the terminals' pane says.
type Terminal struct {
	Name       string
	Is         string // the empty state
	Addresses  func(variables string) string
	Clients    map[string]string // what talks to a part from this machine, by its kind
	Open       string
	All        string // the row of terminals
	Another    string
	Plain      string // the button that opens one without the person's own start-up
	Inside     string // the button that opens one in the sandbox's own network
	InsideSays func(tools string) string
	// InsideTools are those inside that a kind of part is for.
	InsideTools map[string]string
	Menu        string
	Copy        string
	Paste       string
	Clear       string
	Reader      string // the switch of the screen-reader mode
	ReaderSays  string
}

// Problem is what the error page and the page without a key say.
type Problem struct {
	Title       string
	Details     string
	SignIn      string
	SignInSays  string
	SignInNext  string
	SignInWrong string
}

// Mutants is what the page says that shows what became of a lab's mutants.
type Mutants struct {
	Title     string
	Says      string
	None      string // the lab was never tried; the command follows
	Step      string
	Caught    string
	LetPass   string
	NoFault   string
	Tried     func(tried, all int) string
	Unnoticed func(kind, at string) string // what every check let pass
	Stale     string                       // a name follows
}

// Client is what the scripts say; it travels to the browser as JSON.
type Client struct {
	Saved         string            `json:"saved"`
	Unsaved       string            `json:"unsaved"`
	KeptHere      string            `json:"keptHere"`
	Offline       string            `json:"offline"`
	NoAnswer      string            `json:"noAnswer"` // to what the learner has just asked for
	Locked        string            `json:"locked"`   // the server is new and has another key
	NotSaved      string            `json:"notSaved"`
	Conflict      string            `json:"conflict"`
	KeepMine      string            `json:"keepMine"`
	TakeTheirs    string            `json:"takeTheirs"`
	SeeBoth       string            `json:"seeBoth"`
	Mine          string            `json:"mine"`
	Theirs        string            `json:"theirs"`
	UseMerged     string            `json:"useMerged"`
	Cancel        string            `json:"cancel"`
	Gone          string            `json:"gone"`
	WriteAgain    string            `json:"writeAgain"`
	LetGo         string            `json:"letGo"`
	Copy          string            `json:"copy"`
	Copied        string            `json:"copied"`
	CloseTab      string            `json:"closeTab"`
	OpenFiles     string            `json:"openFiles"`
	Keys          string            `json:"keys"`
	KeyCheck      string            `json:"keyCheck"`
	KeySave       string            `json:"keySave"`
	KeyFiles      string            `json:"keyFiles"`
	KeyText       string            `json:"keyText"`
	KeyEditor     string            `json:"keyEditor"`
	KeyBar        string            `json:"keyBar"`
	KeyEscape     string            `json:"keyEscape"`
	KeyHelp       string            `json:"keyHelp"`
	KeyOpen       string            `json:"keyOpen"`
	KeyPanels     string            `json:"keyPanels"`
	KeyCancel     string            `json:"keyCancel"`
	Go            string            `json:"go"` // the list of files, steps and actions
	GoTo          string            `json:"goTo"`
	GoNone        string            `json:"goNone"`
	AFile         string            `json:"aFile"`
	AStep         string            `json:"aStep"`
	AnAction      string            `json:"anAction"`
	Close         string            `json:"close"`
	Pick          string            `json:"pick"`
	TooFast       string            `json:"tooFast"`
	NewFile       string            `json:"newFile"`
	NewName       string            `json:"newName"`
	Create        string            `json:"create"`
	Exists        string            `json:"exists"`
	Remove        string            `json:"remove"`
	Reset         string            `json:"reset"`
	Ago           string            `json:"ago"`
	Seconds       string            `json:"seconds"`
	MinutesLong   string            `json:"minutes"`
	Hours         string            `json:"hours"`
	Run           string            `json:"run"`    // the button that types a command into a terminal
	FillIn        string            `json:"fillIn"` // the same, of a command that has to be completed first
	FillInSays    string            `json:"fillInSays"`
	Terminal      string            `json:"terminal"`
	TermInside    string            `json:"termInside"`  // the name of one in the sandbox's own network
	TermInput     string            `json:"termInput"`   // the name of what is typed into
	TermAway      string            `json:"termAway"`    // the line to a shell is broken
	TermStarts    string            `json:"termStarts"`  // the shell has printed nothing yet
	TermSlow      string            `json:"termSlow"`    // nor for long
	TermBefore    string            `json:"termBefore"`  // the shell is older than the sandbox
	TermSandbox   string            `json:"termSandbox"` // a shell ended with its sandbox
	TermGone      string            `json:"termGone"`    // a shell ended with its server
	TermMuch      string            `json:"termMuch"`    // too much to be read aloud
	TermSelect    string            `json:"termSelect"`  // there is nothing to copy
	TermPaste     string            `json:"termPaste"`   // the browser does not let us paste
	KeyTerminal   string            `json:"keyTerminal"`
	KeyLeave      string            `json:"keyLeave"`
	KeyTermCopy   string            `json:"keyTermCopy"`
	JWT           string            `json:"jwt"` // what takes a token apart in a text
	JWTToken      string            `json:"jwtToken"`
	JWTKeys       string            `json:"jwtKeys"`
	JWTHeader     string            `json:"jwtHeader"`
	JWTClaims     string            `json:"jwtClaims"`
	JWTSignature  string            `json:"jwtSignature"`
	JWTSigned     string            `json:"jwtSigned"`
	JWTPrivate    string            `json:"jwtPrivate"`
	JWTNot        string            `json:"jwtNot"`
	JWTUnreadable string            `json:"jwtUnreadable"`
	JWTNoKeys     string            `json:"jwtNoKeys"`
	JWTNoSet      string            `json:"jwtNoSet"`
	JWTNoKey      string            `json:"jwtNoKey"`
	JWTAlg        string            `json:"jwtAlg"`
	JWTRight      string            `json:"jwtRight"`
	JWTWrong      string            `json:"jwtWrong"`
	JWTInsecure   string            `json:"jwtInsecure"`
	Editor        map[string]string `json:"editor"` // what CodeMirror says, by its English
}
