// Package bridge decides what a bridge does with a frame (net/bridge): for whom it is,
// behind which port a station is, to which ports the frame is flooded, and what multicast
// snooping makes of it.
package bridge
