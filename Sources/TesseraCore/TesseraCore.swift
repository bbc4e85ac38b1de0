// TesseraCore
