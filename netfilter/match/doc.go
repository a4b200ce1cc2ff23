// Package match holds the matches, one file each, named as the word after -m.
package match
