"""Train the models that `answer` and `index` use, on texts and questions written for it."""
