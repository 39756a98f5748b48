package calls

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of the fields in dataservice/v1/calls.proto. The messages are written and
// read here without generated code: a batch is one copy of each request, and an
// answer points into the message that brought it.
const (
	batchCalls     = 1
	batchCancelled = 2

	callID       = 1
	callMethod   = 2
	callRequest  = 3
	callTimeout  = 4
	callMetadata = 5

	batchAnswers = 1

	answerID       = 1
	answerCode     = 2
	answerMessage  = 3
	answerDetails  = 4
	answerMetadata = 5
	answerResponse = 6

	metadataKey   = 1
	metadataValue = 2
)

var errMalformed = errors.New("the server sent a message that is no AnswerBatch")

// call is what a Call message has.
type call struct {
	id      uint64
	method  string
	request []byte
	// timeout is in microseconds; 0 is none.
	timeout uint64
	// metadata are keys and values in turn.
	metadata []string
}

// answer is what an Answer message has. Its bytes belong to the message that
// brought it.
type answer struct {
	id       uint64
	code     uint32
	message  string
	details  []byte
	metadata []string
	response []byte
}

// appendCall appends a Call as an element of a CallBatch.
func appendCall(batch []byte, c *call) []byte {
	batch = protowire.AppendTag(batch, batchCalls, protowire.BytesType)
	batch = protowire.AppendVarint(batch, uint64(c.size()))
	batch = protowire.AppendTag(batch, callID, protowire.VarintType)
	batch = protowire.AppendVarint(batch, c.id)
	batch = appendText(batch, callMethod, c.method)
	batch = protowire.AppendTag(batch, callRequest, protowire.BytesType)
	batch = protowire.AppendBytes(batch, c.request)
	if c.timeout > 0 {
		batch = protowire.AppendTag(batch, callTimeout, protowire.VarintType)
		batch = protowire.AppendVarint(batch, c.timeout)
	}
	for i := 0; i+1 < len(c.metadata); i += 2 {
		key, value := c.metadata[i], c.metadata[i+1]
		batch = protowire.AppendTag(batch, callMetadata, protowire.BytesType)
		batch = protowire.AppendVarint(batch, uint64(sizeOfMetadata(key, value)))
		batch = appendText(batch, metadataKey, key)
		batch = appendText(batch, metadataValue, value)
	}
	return batch
}

// size is the length of the Call message.
func (c *call) size() int {
	const tag = 1 // bytes of a tag: all numbers are below 16
	size := tag + protowire.SizeVarint(c.id) + sizeOfText(len(c.method)) + sizeOfText(len(c.request))
	if c.timeout > 0 {
		size += tag + protowire.SizeVarint(c.timeout)
	}
	for i := 0; i+1 < len(c.metadata); i += 2 {
		size += sizeOfText(sizeOfMetadata(c.metadata[i], c.metadata[i+1]))
	}
	return size
}

// sizeOfText is the length of a length-delimited field with its tag.
func sizeOfText(length int) int { return 1 + protowire.SizeBytes(length) }

func sizeOfMetadata(key, value string) int { return sizeOfText(len(key)) + sizeOfText(len(value)) }

func appendText(batch []byte, number protowire.Number, text string) []byte {
	batch = protowire.AppendTag(batch, number, protowire.BytesType)
	return protowire.AppendString(batch, text)
}

// appendCancelled appends the id of a call that is given up to a CallBatch.
func appendCancelled(batch []byte, id uint64) []byte {
	batch = protowire.AppendTag(batch, batchCancelled, protowire.VarintType)
	return protowire.AppendVarint(batch, id)
}

// readAnswers calls take with each answer of an AnswerBatch.
func readAnswers(batch []byte, take func(answer)) error {
	return readFields(batch, func(number protowire.Number, value []byte, _ uint64) error {
		if number != batchAnswers {
			return nil
		}
		a, err := readAnswer(value)
		if err == nil {
			take(a)
		}
		return err
	})
}

func readAnswer(text []byte) (a answer, err error) {
	err = readFields(text, func(number protowire.Number, value []byte, varint uint64) error {
		switch number {
		case answerID:
			a.id = varint
		case answerCode:
			a.code = uint32(varint)
		case answerMessage:
			a.message = string(value)
		case answerDetails:
			a.details = value
		case answerResponse:
			a.response = value
		case answerMetadata:
			key, text, err := readMetadata(value)
			if err != nil {
				return err
			}
			a.metadata = append(a.metadata, key, text)
		}
		return nil
	})
	return a, err
}

func readMetadata(text []byte) (key, value string, err error) {
	err = readFields(text, func(number protowire.Number, bytes []byte, _ uint64) error {
		switch number {
		case metadataKey:
			key = string(bytes)
		case metadataValue:
			value = string(bytes)
		}
		return nil
	})
	return key, value, err
}

// readFields calls take with each field of a message: with the bytes of one that
// is length-delimited, and with the number of one that is a varint.
func readFields(text []byte, take func(number protowire.Number, value []byte, varint uint64) error) error {
	for len(text) > 0 {
		number, kind, n := protowire.ConsumeTag(text)
		if n < 0 {
			return errMalformed
		}
		text = text[n:]
		var value []byte
		var varint uint64
		switch kind {
		case protowire.BytesType:
			value, n = protowire.ConsumeBytes(text)
		case protowire.VarintType:
			varint, n = protowire.ConsumeVarint(text)
		default:
			n = protowire.ConsumeFieldValue(number, kind, text)
		}
		if n < 0 {
			return errMalformed
		}
		text = text[n:]
		if err := take(number, value, varint); err != nil {
			return err
		}
	}
	return nil
}
