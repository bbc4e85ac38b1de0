// TesseraJOSE
