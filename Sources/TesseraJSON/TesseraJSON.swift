// TesseraJSON
