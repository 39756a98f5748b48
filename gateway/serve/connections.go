package serve

import (
	"cmp"
	"slices"

	"dataservice/gateway/admission"
	"dataservice/gateway/metrics"
)

// snapshot returns the open connections, with those of the given number of clients.
func (l *limitedListener) snapshot(largest int) metrics.Connections {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	c := metrics.Connections{Open: l.total, Most: l.most, MostOfOne: l.mostEach, Refused: l.refused}
	if largest == 0 {
		return c
	}
	for client, number := range l.clients {
		c.Largest = append(c.Largest, admission.Holding{Client: client.String(), Connections: number})
	}
	slices.SortFunc(c.Largest, func(a, b admission.Holding) int {
		return cmp.Or(cmp.Compare(b.Connections, a.Connections), cmp.Compare(a.Client, b.Client))
	})
	c.Largest = c.Largest[:min(largest, len(c.Largest))]
	return c
}
