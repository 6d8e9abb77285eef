print("wonder")
