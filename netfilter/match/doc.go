// Package match holds the matches, one file each, named as after -m.
package match
