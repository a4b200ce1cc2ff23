// Package target holds the targets, one file each, named as after -j.
package target
