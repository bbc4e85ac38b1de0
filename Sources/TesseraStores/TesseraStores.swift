// TesseraStores
