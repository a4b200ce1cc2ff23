package netfilter

import (
	"fmt"
	"reflect"
)

// differs returns the first exported field in which two values of one type
// differ, with both values; "" if there is none. Conditions that are not given
// are equal regardless of their other fields, and empty slices are equal to nil
// ones.
func differs(a, b reflect.Value, path string) string {
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return unless(a.IsNil() == b.IsNil(), a, b, path)
		}
		return differs(a.Elem(), b.Elem(), path)
	case reflect.Struct:
		return structsDiffer(a, b, path)
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return unless(false, a, b, path)
		}
		for i := range a.Len() {
			if d := differs(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", path, i)); d != "" {
				return d
			}
		}
		return ""
	}
	return unless(reflect.DeepEqual(a.Interface(), b.Interface()), a, b, path)
}

func structsDiffer(a, b reflect.Value, path string) string {
	given := a.FieldByName("Given")
	if given.IsValid() && given.Kind() == reflect.Bool && !given.Bool() && !b.FieldByName("Given").Bool() {
		return ""
	}
	exported := false
	for i := range a.NumField() {
		f := a.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		exported = true
		name := f.Name
		if path != "" {
			name = path + "." + name
		}
		if d := differs(a.Field(i), b.Field(i), name); d != "" {
			return d
		}
	}
	if !exported { // such as netip.Addr
		return unless(reflect.DeepEqual(a.Interface(), b.Interface()), a, b, path)
	}
	return ""
}

func unless(same bool, a, b reflect.Value, path string) string {
	if same {
		return ""
	}
	return fmt.Sprintf("%s is %v, not %v", path, b, a)
}
