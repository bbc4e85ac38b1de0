// TesseraBearer
