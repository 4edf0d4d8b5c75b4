# Earliest after latest.
DELETE { :signing trt:earliestYear ?any } INSERT { :signing trt:earliestYear 2400 } WHERE { :signing trt:earliestYear ?any }
