// TesseraHTML: elements, attributes and text of a page, escaped where they are written.
//
// It depends on nothing. Begin reading at `HTML.swift`: the two ways in which text and markup enter a page.
