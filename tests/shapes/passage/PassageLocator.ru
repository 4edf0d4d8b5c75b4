# A passage without an address.
DELETE { :passage trt:locator ?any } WHERE { :passage trt:locator ?any }
