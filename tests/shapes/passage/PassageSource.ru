# A passage of no source.
DELETE { :passage trt:ofSource ?any } WHERE { :passage trt:ofSource ?any }
