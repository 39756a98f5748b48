package openapi

import (
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/route"
)

// reserved are the names of the components that every document has.
var reserved = []string{problemName, violationName, healthName}

// names are the names of a document, which generated clients use as identifiers. They
// depend on the contract only, and not on the order in which they are used.
type names struct {
	// components are the names of schemas, by message.
	components map[protoreflect.FullName]string
	// taken are the names of schemas that no other one can have, and used those that were
	// asked for.
	taken, used map[string]bool
	// methods is the number of methods of each name, and qualified that of each name with
	// its service; services is the number of services of each name.
	methods, qualified, services map[string]int
	// operations are the ids of operations that are in use.
	operations map[string]bool
}

// newNames names the messages of files, and of all files that they import. Messages of one
// name have names with their packages; a message of an imported file leaves the short name
// to one of the contract.
func newNames(own []protoreflect.FileDescriptor) *names {
	n := &names{
		components: map[protoreflect.FullName]string{}, taken: map[string]bool{}, used: map[string]bool{},
		methods: map[string]int{}, qualified: map[string]int{}, services: map[string]int{},
		operations: map[string]bool{},
	}
	for _, name := range reserved {
		n.taken[name] = true
	}
	for _, operation := range systemOperations {
		n.methods[operation.id]++
		n.operations[operation.id] = true
	}
	imported := importedBy(own)
	for _, files := range [][]protoreflect.FileDescriptor{own, imported} {
		n.addMessages(files)
	}
	for _, file := range own {
		for i := range file.Services().Len() {
			n.addService(file.Services().Get(i))
		}
	}
	return n
}

// importedBy returns the files that others import, directly or not, without these others.
func importedBy(own []protoreflect.FileDescriptor) []protoreflect.FileDescriptor {
	var found []protoreflect.FileDescriptor
	seen := map[string]bool{}
	for _, file := range own {
		seen[file.Path()] = true
	}
	for waiting := slices.Clone(own); len(waiting) > 0; waiting = waiting[1:] {
		imports := waiting[0].Imports()
		for i := range imports.Len() {
			if file := imports.Get(i).FileDescriptor; !seen[file.Path()] {
				seen[file.Path()] = true
				found, waiting = append(found, file), append(waiting, file)
			}
		}
	}
	return found
}

// addMessages names the messages of files. A name that several of them have, or that is
// taken, gets the package before it.
func (n *names) addMessages(files []protoreflect.FileDescriptor) {
	var all []protoreflect.MessageDescriptor
	count := map[string]int{}
	var add func(messages protoreflect.MessageDescriptors)
	add = func(messages protoreflect.MessageDescriptors) {
		for i := range messages.Len() {
			all = append(all, messages.Get(i))
			count[shortName(messages.Get(i))]++
			add(messages.Get(i).Messages())
		}
	}
	for _, file := range files {
		add(file.Messages())
	}
	slices.SortFunc(all, func(a, b protoreflect.MessageDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	for _, message := range all {
		name := shortName(message)
		if count[name] > 1 || n.taken[name] {
			name = camel(string(message.ParentFile().Package())) + name
		}
		n.components[message.FullName()] = n.take(name)
	}
}

// take returns the name, with a number if it is taken.
func (n *names) take(name string) string {
	free := name
	for i := 2; n.taken[free]; i++ {
		free = name + strconv.Itoa(i)
	}
	n.taken[free] = true
	return free
}

// shortName returns the name of a message within its package, OuterInner. A request is
// called CreateBookInput: generated clients call the parameters of createBook
// CreateBookRequest.
func shortName(message protoreflect.MessageDescriptor) string {
	within := strings.TrimPrefix(string(message.FullName()), string(message.ParentFile().Package()))
	name := strings.ReplaceAll(within, ".", "")
	if method, isRequest := strings.CutSuffix(name, "Request"); isRequest && method != "" {
		return method + "Input"
	}
	return name
}

func (n *names) addService(service protoreflect.ServiceDescriptor) {
	n.services[string(service.Name())]++
	for i := range service.Methods().Len() {
		method := service.Methods().Get(i)
		if bindings, err := route.Bindings(method); err == nil && len(bindings) > 0 {
			n.methods[lowerFirst(string(method.Name()))]++
			n.qualified[string(service.Name())+string(method.Name())]++
		}
	}
}

// component returns the name of the schema of a variant of a message. isNew reports whether
// the name was not asked for before.
func (n *names) component(message protoreflect.MessageDescriptor, suffix string) (name string, isNew bool) {
	key := message.FullName()
	if suffix != "" {
		key = message.FullName() + protoreflect.FullName("/"+suffix)
		if n.components[key] == "" {
			n.components[key] = n.take(n.components[message.FullName()] + suffix)
		}
	}
	name = n.components[key]
	isNew = !n.used[name]
	n.used[name] = true
	return name, isNew
}

// service returns the name of a service in tags: with its package, if several services have
// the name.
func (n *names) service(service protoreflect.ServiceDescriptor) string {
	name := string(service.Name())
	if n.services[name] > 1 {
		return camel(string(service.FullName()))
	}
	return name
}

// operation returns the id of a route: the name of its method, with that of the service if
// several services have such a method. Further routes of a method are named by what is
// different: createReviewByBookId, createReviewWithPost.
func (n *names) operation(b boundMethod) string {
	service := b.Method.Parent().(protoreflect.ServiceDescriptor)
	id := lowerFirst(string(b.Method.Name()))
	if n.methods[id] > 1 {
		id = string(service.Name()) + string(b.Method.Name())
		if n.qualified[id] > 1 {
			id = camel(string(service.FullName())) + string(b.Method.Name())
		}
		id = lowerFirst(id)
	}
	if b.Index > 0 {
		id += difference(b)
	}
	free := id
	for i := 2; n.operations[free]; i++ {
		free = id + strconv.Itoa(i)
	}
	n.operations[free] = true
	return free
}

// difference returns how a further route of a method is different from the first one.
func difference(b boundMethod) string {
	first, err := route.Bindings(b.Method)
	if err != nil || len(first) == 0 {
		return ""
	}
	text := ""
	if shape(b.Path.String()) != shape(first[0].Path.String()) {
		var variables []string
		for _, variable := range b.Variables {
			variables = append(variables, camel(string(variable.Last().Name())))
		}
		text = "By" + strings.Join(variables, "And")
	}
	if b.Verb != first[0].Verb {
		text += "With" + camel(strings.ToLower(b.Verb))
	}
	return text
}

// camel returns words that dots or underscores separate as one name: bookstore.v1 is
// BookstoreV1.
func camel(text string) string {
	var name strings.Builder
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == '.' || c == '_' }) {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }
