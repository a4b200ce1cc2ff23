// Package target holds the targets, one file each, named as the word after -j.
package target
