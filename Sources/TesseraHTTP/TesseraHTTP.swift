// TesseraHTTP
