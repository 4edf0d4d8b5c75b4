# A provision of no treaty.
DELETE { :treaty trt:hasProvision ?any } WHERE { :treaty trt:hasProvision ?any }
