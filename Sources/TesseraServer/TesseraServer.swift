// TesseraServer
