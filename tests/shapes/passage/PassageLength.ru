# A passage of no characters.
DELETE { :passage trt:characterLength ?any } INSERT { :passage trt:characterLength 0 } WHERE { :passage trt:characterLength ?any }
